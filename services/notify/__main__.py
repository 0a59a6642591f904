"""`python -m services.notify worker | migrate`."""

from shared.process.start import run

run("notify", worker="services.notify.worker")
