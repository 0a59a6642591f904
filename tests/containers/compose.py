"""What compose.yaml must keep to, as functions of it."""

import re
from pathlib import Path
from typing import Any

import yaml

from deploy import secrets
from deploy.compose.secrets import files
from deploy.containers import IMAGE, USER, fixed
from deploy.processes import PROCESSES, Process, settings_of

FOLDER = Path(__file__).parents[2] / "deploy" / "compose"
SECRETS = files(secrets.make("test"))
Stack = dict[str, Any]


def parsed(text: str) -> Stack:
    stack: Stack = yaml.safe_load(text)
    return stack


def interpolated(text: str) -> dict[str, str]:
    """The names of .env that are used, with the default they have here."""
    return dict(re.findall(r"\$\{(\w+):-([^}]*)\}", text))


def wrong(stack: Stack) -> list[str]:
    """Each rule that the stack breaks, in words."""
    services = stack["services"]
    named = {process.name for process in PROCESSES} | {"caddy", "postgres", "nats"}
    found = [f"{name} isn't what deploy/processes.py has" for name in named ^ set(services)]
    found += [
        f"{process.name} {what}" for process in PROCESSES if process.name in services for what in _process(process, services[process.name])
    ]
    awaited = {
        name
        for service in services.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    jobs = [process.name for process in PROCESSES if process.health_port is None]
    found += [f"{name} ends, which `up --wait` takes for a failure" for name in jobs if name not in awaited]
    return found + [f"{name} {what}" for name, service in services.items() for what in _container(name, service)] + _networks(stack)


def _process(process: Process, service: Stack) -> list[str]:
    settings = {setting.name: setting for setting in settings_of(process)}
    given = {name: str(value) for name, value in service.get("environment", {}).items()}
    secret = set(SECRETS[process.name])
    found = [f"isn't given {name}" for name, one in settings.items() if one.default is None and name not in set(given) | secret]
    found += [f"is given {name}, which it doesn't read" for name in given if name not in settings]
    found += [f"is given {name}, which is a secret" for name in given if name in secret]
    found += [f"has another {name}" for name, value in fixed(process).items() if given.get(name) != value]
    found += ["is started otherwise"] if service["command"] != process.arguments() else []
    found += ["runs as another user"] if service["user"] != f"{USER}:{USER}" else []
    found += ["is another image"] if service["image"] != f"${{MADRINA_IMAGE:-{IMAGE}}}" else []
    found += ["writes somewhere"] if "volumes" in service or "tmpfs" in service else []
    if process.health_port is None:
        return found + (["isn't run again until it ends well"] if service["restart"] != "on-failure" else [])
    return found + (["isn't asked whether it is ready"] if service["healthcheck"]["test"][-1] != "shared.process.ready" else [])


def _container(name: str, service: Stack) -> list[str]:
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    closed = (
        service.get("read_only") is True
        and service.get("cap_drop") == ["ALL"]
        and service.get("security_opt") == ["no-new-privileges:true"]
    )
    found = [f"has no limit of {what}" for what in ("cpus", "memory", "pids") if what not in limits]
    found += [] if closed else ["may write, or more than nothing"]
    found += ["has a capability"] if service.get("cap_add", []) != (["NET_BIND_SERVICE"] if name == "caddy" else []) else []
    found += ["has no health check"] if "test" not in service.get("healthcheck", {}) and service.get("restart") != "on-failure" else []
    found += ["is published"] if "ports" in service and name != "caddy" else []
    found += [] if service.get("env_file", "secrets/.env") == f"secrets/{name}.env" or name == "caddy" else ["has another's secrets"]
    return found


REACHES = {"caddy": {"edge"}, "postgres": {"databases"}, "nats": {"broker"}, "web": {"edge", "apis"}, "notify-worker": {"mail"}}


def _networks(stack: Stack) -> list[str]:
    found = [f"{name} leads outside" for name in ("apis", "databases", "broker") if not (stack["networks"][name] or {}).get("internal")]
    for name, service in stack["services"].items():
        expected = set(REACHES.get(name, set()))
        for process in (one for one in PROCESSES if one.name == name):
            expected |= {"databases"} if process.database else set()
            expected |= {"broker"} if process.broker_user else set()
            expected |= {"apis"} if process.port else set()
        found += [f"{name} is on other networks than it needs"] if set(service["networks"]) != expected else []
    return found
