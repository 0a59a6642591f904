"""The secrets of the stack: made once, each process's own alone, readable by their owner."""

from pathlib import Path

import pytest

from deploy import secrets
from deploy.compose.secrets import files, main, write
from deploy.processes import PROCESSES, settings_of
from shared.http.tokens import TokenSigner, TokenVerifier
from shared.ids import new_id
from shared.messaging import topology


def test_every_process_gets_its_own_secrets_and_nobody_elses() -> None:
    made = files(secrets.make("test"))
    for process in PROCESSES:
        wanted = {setting.name for setting in settings_of(process) if setting.secret} - {"SMTP_PASSWORD"}
        assert set(made[process.name]) - {"TOKEN_PUBLIC_KEYS"} == wanted, process.name


def test_the_halves_fit(tmp_path: Path) -> None:
    made = files(secrets.make("test"))
    member_id = new_id()
    token, _ = TokenSigner(made["members-api"]["TOKEN_SIGNING_KEY"]).issue(member_id, "requests")
    assert TokenVerifier(made["requests-api"]["TOKEN_PUBLIC_KEYS"], "requests").verify(token).member_id == member_id
    assert made["web"]["WEB_KEY"] == made["members-api"]["WEB_KEY"]
    for user in topology.users():
        holder = "provision" if user == topology.PROVISIONER else f"{user}-worker"
        assert made["nats"][user.upper()] == f'"{made[holder]["NATS_PASSWORD"]}"'
    for process in (process for process in PROCESSES if process.database_role):
        password = made["postgres"][f"{str(process.database_role).upper()}_PASSWORD"]
        assert made[process.name]["DATABASE_URL"] == f"postgresql://{process.database_role}:{password}@postgres:5432/{process.database}"


def test_they_are_written_once_for_their_owner_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "secrets"
    assert main([str(folder)]) == 0
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert set(before) == {f"{name}.env" for name in files(secrets.make("test"))}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert main([str(folder)]) == 1
    assert {file.name: file.read_text() for file in folder.iterdir()} == before
    said = "".join(capsys.readouterr())
    assert "There are secrets already" in said
    assert not any(
        value in said for made in before.values() for line in made.splitlines() for value in [line.partition("'")[2].rstrip("'")]
    )


def test_no_quote_breaks_a_line(tmp_path: Path) -> None:
    for file in write(tmp_path, secrets.make("test")):
        assert all(line.count("'") == 2 for line in file.read_text().splitlines())


def test_no_folder_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 64
    assert "usage" in capsys.readouterr().err
