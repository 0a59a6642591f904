"""`python -m services.requests api | worker | migrate`."""

from shared.process.start import run

run("requests", api="services.requests.app", worker="services.requests.worker")
