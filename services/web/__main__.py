"""`python -m services.web api`."""

from shared.process.start import run

run("web", api="services.web.app", migrate=False)
