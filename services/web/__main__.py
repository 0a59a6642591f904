"""`python -m services.web api`."""

from shared.roles import run

run("web", api="services.web.app", migrate=False)
