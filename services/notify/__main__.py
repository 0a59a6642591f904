"""`python -m services.notify api | worker | migrate`."""

from shared.process.start import run

run("notify", api="services.notify.app", worker="services.notify.worker")
