"""Every process gets what it needs, and nothing of what others need."""

import json
from pathlib import Path

import pytest

from deploy import processes
from deploy.local import keys
from deploy.local.environment import MAILBOX, PROCESSES, environment, well_known_ports
from deploy.processes import DATABASES, Process
from shared.http.tokens import TokenSigner, TokenVerifier
from shared.ids import new_id

PORTS = well_known_ports()
SECRETS = keys.make()
INHERITED = {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "mine"}
FOUND = {process.name: environment(process, PORTS, SECRETS, Path("/data"), INHERITED) for process in PROCESSES}


def test_the_ports_are_the_documented_ones_and_move_together() -> None:
    public, health = {8700, 8701, 8702, 8703, 8704}, {8711, 8712, 8713, 8714, 8720, 8721, 8722, 8723, 8724}
    assert sorted(PORTS.values()) == sorted(public | health | {8725, 8726, 8732, 8742})
    given = [FOUND[process.name] for process in PROCESSES if process is not MAILBOX]
    assert {int(settings["PORT"]) for settings in given if "PORT" in settings} == public
    assert {int(settings["HEALTH_PORT"]) for settings in given} == health
    assert well_known_ports(9700) == {name: port + 1000 for name, port in PORTS.items()}


def test_everything_of_the_table_but_its_jobs_is_kept_running() -> None:
    jobs = {f"{database}-migrate" for database in DATABASES} | {"provision"}
    assert {process.name for process in processes.PROCESSES} - {process.name for process in PROCESSES} == jobs


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_process_can_start_with_what_it_is_given(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in process.settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in FOUND[process.name].items():
        monkeypatch.setenv(name, value)
    process.settings()  # raises if a setting has neither a value here nor a default


def test_a_secret_goes_only_where_it_is_needed() -> None:
    holders = {
        SECRETS.signing_key: {"members-api"},
        SECRETS.code_key: {"members-api"},
        SECRETS.web_key: {"web", "members-api"},
        SECRETS.superuser: set(),
        **{password: {f"{user}-worker"} & set(FOUND) for user, password in SECRETS.broker.items()},
    }
    for secret, expected in holders.items():
        assert {name for name, settings in FOUND.items() if any(secret in value for value in settings.values())} == expected
    for database, password in SECRETS.databases.items():
        holding = {name for name, settings in FOUND.items() if any(password in value for value in settings.values())}
        assert holding == {process.name for process in PROCESSES if process.database_role == database}
    assert {process.name for process in processes.PROCESSES if str(process.database_role).endswith("_owner")} == {
        f"{database}-migrate" for database in DATABASES
    }


def test_apis_and_pages_reach_no_broker_and_nothing_of_ours_leaks_in() -> None:
    for process in PROCESSES:
        names = set(FOUND[process.name])
        assert ("NATS_URL" in names) == (process.role == "worker")
        assert ("DATABASE_URL" in names) == (process.name not in ("web", "mailbox"))
        assert "AWS_SECRET_ACCESS_KEY" not in names


def test_the_keys_fit_and_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path / "secrets")
    assert keys.load_or_make(tmp_path / "secrets") == made
    member_id = new_id()
    token, _ = TokenSigner(made.signing_key).issue(member_id, "requests")
    assert TokenVerifier(made.public_keys, "requests").verify(token).member_id == member_id
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_what_an_older_version_kept_is_kept_and_completed(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path)
    file = tmp_path / "secrets.json"
    old = json.loads(file.read_text())
    old["databases"] = {name: old["databases"][name] for name in DATABASES}
    file.write_text(json.dumps(old))
    completed = keys.load_or_make(tmp_path)
    assert completed.signing_key == made.signing_key
    assert {name: completed.databases[name] for name in DATABASES} == old["databases"]
    assert set(completed.databases) == set(made.databases)
    assert keys.load_or_make(tmp_path) == completed
    file.write_text(json.dumps(old | {"unheard_of": "x"}))
    with pytest.raises(ValueError, match="another version"):
        keys.load_or_make(tmp_path)
