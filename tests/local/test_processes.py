"""The table of processes says what is really there: every role, with the settings that it reads."""

import importlib
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.processes import DATABASES, PROCESSES, Process, settings_of
from shared.messaging import topology
from shared.process import provision, start
from shared.process.settings import BrokerSettings, DatabaseSettings, HttpSettings, ServiceSettings

SERVICES = sorted(file.parent.name for file in (Path(__file__).parents[2] / "services").glob("*/__main__.py"))


def roles(service: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The roles that `python -m services.<service>` offers, each with its module."""
    offered: dict[str, Any] = {}
    monkeypatch.setattr(sys, "argv", [f"services.{service}"])
    monkeypatch.setattr(start, "run", lambda name, **modules: offered.update({"name": name, "migrate": True, **modules}))
    runpy.run_module(f"services.{service}", run_name="__main__")
    assert offered.pop("name") == service
    offered["migrate"] = "shared.process.migrate" if offered["migrate"] else None
    return {role: module for role, module in offered.items() if module}


@pytest.mark.parametrize("service", SERVICES)
def test_it_names_every_role_of_a_service_with_the_settings_that_it_loads(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {process.role: process for process in PROCESSES if process.module == f"services.{service}"}
    offered = roles(service, monkeypatch)
    assert set(named) == set(offered)
    for role, process in named.items():
        assert process.settings is importlib.import_module(offered[str(role)]).Settings, process.name


def test_it_names_the_provisioning_job() -> None:
    (job,) = [process for process in PROCESSES if process.module == "shared.process.provision"]
    assert job.settings is provision.Settings


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_ports_database_and_broker_user_are_named_if_and_only_if_its_settings_ask_for_them(process: Process) -> None:
    assert (process.port is not None) == issubclass(process.settings, HttpSettings)
    assert (process.health_port is not None) == issubclass(process.settings, ServiceSettings)
    assert (process.database is not None) == issubclass(process.settings, DatabaseSettings)
    assert (process.broker_user is not None) == issubclass(process.settings, BrokerSettings)


def test_names_and_ports_are_used_once_and_every_database_and_broker_user_exists() -> None:
    assert len({process.name for process in PROCESSES}) == len(PROCESSES)
    ports = [port for process in PROCESSES for port in (process.port, process.health_port) if port]
    assert len(set(ports)) == len(ports)
    assert {process.database for process in PROCESSES} - {None} == set(DATABASES)
    assert {process.broker_user for process in PROCESSES} - {None} == set(topology.users())


def test_every_setting_says_what_it_means_and_passwords_and_keys_are_secret() -> None:
    settings = {setting.name: setting for process in PROCESSES for setting in settings_of(process)}
    assert [name for name, setting in settings.items() if not setting.meaning] == []
    assert {name for name, setting in settings.items() if setting.secret} == {
        "CODE_KEY",
        "DATABASE_URL",
        "KEEP_KEY",
        "NATS_PASSWORD",
        "SMTP_PASSWORD",
        "TOKEN_SIGNING_KEY",
        "WEB_KEY",
    }


def test_defaults_and_ranges_are_read_from_the_settings_classes() -> None:
    (worker,) = [process for process in PROCESSES if process.name == "notify-worker"]
    settings = {setting.name: setting for setting in settings_of(worker)}
    assert (settings["SMTP_CONNECTIONS"].default, settings["SMTP_CONNECTIONS"].values) == ("8", "1 to 100")
    assert (settings["SMTP_TLS"].default, settings["SMTP_TLS"].values) == ("starttls", "none, starttls, tls")
    assert (settings["SMTP_HOST"].default, settings["SMTP_USER"].default) == (None, "")
