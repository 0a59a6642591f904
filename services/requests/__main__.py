"""`python -m services.requests api | worker | migrate`."""

from shared.roles import run

run("requests", api="services.requests.app", worker="services.requests.worker")
