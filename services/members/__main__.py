"""`python -m services.members api | worker | migrate`."""

from shared.process.start import run

run("members", api="services.members.app", worker="services.members.worker")
