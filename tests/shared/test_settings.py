"""A process says everything that is wrong with its settings at once, without their values, and doesn't start."""

import json

import pytest

from deploy import processes
from services.members.settings import ApiSettings
from services.notify import settings as notify
from services.reputation.settings import WorkerSettings as ReputationWorker
from services.web import settings as web
from shared.http import tokens
from shared.process import settings as common
from shared.process.settings import EXIT_CONFIG, Encrypted, ServiceSettings, Surroundings, WorkerSettings, load

KEY = tokens.new_key("one")
GOOD = {
    "PORT": "8701",
    "HEALTH_PORT": "8721",
    "DATABASE_URL": "postgresql://members:pass@127.0.0.1:5432/members?sslmode=verify-full",
    "TOKEN_PUBLIC_KEYS": json.dumps(tokens.public_keys(KEY)),
    "TOKEN_SIGNING_KEY": json.dumps(KEY),
    "CODE_KEY": "k" * 32,
    "REQUESTS_URL": "https://requests.test",
    "REPUTATION_URL": "https://reputation.test",
    "NOTIFY_URL": "https://notify.test",
    "WEB_KEY": "w" * 32,
    "WEB_URL": "https://madrina.example.com",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ApiSettings.model_fields, *WorkerSettings.model_fields, *notify.Settings.model_fields, *web.Settings.model_fields):
        monkeypatch.delenv(name.upper(), raising=False)


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)


def refusal(capsys: pytest.CaptureFixture[str], cls: type[ServiceSettings] = ApiSettings) -> list[str]:
    with pytest.raises(SystemExit) as caught:
        load(cls)
    assert caught.value.code == EXIT_CONFIG == 78
    return capsys.readouterr().err.splitlines()


def test_good_settings_load_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    settings = load(ApiSettings)
    assert (settings.madrina_env, settings.host, settings.port, settings.join, settings.database_pool_size) == (
        "production",
        "127.0.0.1",
        8701,
        "invited",
        10,
    )
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 8721)
    assert not settings.local
    assert load(common.ApiSettings).port == 8701


def test_everything_missing_is_listed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys)[1:] == [
        "  CODE_KEY: is missing",
        "  DATABASE_URL: is missing",
        "  HEALTH_PORT: is missing",
        "  NOTIFY_URL: is missing",
        "  PORT: is missing",
        "  REPUTATION_URL: is missing",
        "  REQUESTS_URL: is missing",
        "  TOKEN_PUBLIC_KEYS: is missing",
        "  TOKEN_SIGNING_KEY: is missing",
        "  WEB_KEY: is missing",
        "  WEB_URL: is missing",
    ]
    assert "  NATS_PASSWORD: is missing" in refusal(capsys, WorkerSettings)


def test_an_empty_value_is_a_missing_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, CODE_KEY="", CLOCK_FILE="")
    assert refusal(capsys)[1:] == ["  CODE_KEY: is missing"]


@pytest.mark.parametrize("cls", [ApiSettings, WorkerSettings, common.ApiSettings, ReputationWorker])
def test_every_combination_keeps_the_configuration(cls: type[ServiceSettings]) -> None:
    assert cls.model_config["env_ignore_empty"] is True
    assert cls.model_config["frozen"] is True
    assert cls.model_config["hide_input_in_errors"] is True


def test_everything_wrong_is_named_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {
        "PORT": "hunter-1",
        "DATABASE_URL": "mysql://user:hunter-2@db",
        "CODE_KEY": "hunter-3",
        "TOKEN_SIGNING_KEY": '{"kty": "oct", "k": "hunter-4"}',
        "TOKEN_PUBLIC_KEYS": "hunter-5",
        "JOIN": "hunter-6",
        "LOG_LEVEL": "hunter-7",
        "DATABASE_POOL_SIZE": "0",
    }
    use(monkeypatch, **wrong)
    lines = refusal(capsys)
    assert [line.strip().split(":")[0] for line in lines[1:]] == sorted(wrong)
    assert "hunter" not in "".join(lines)
    assert "  CODE_KEY: should be at least 32 characters" in lines


def test_production_never_travels_in_time(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, CLOCK_FILE="/somewhere/clock.json")
    assert refusal(capsys)[1:] == ["  CLOCK_FILE: the clock travels only if MADRINA_ENV is local"]
    use(monkeypatch, CLOCK_FILE="/somewhere/clock.json", MADRINA_ENV="production")
    assert len(refusal(capsys)) == 2
    use(monkeypatch, CLOCK_FILE="/somewhere/clock.json", MADRINA_ENV="local")
    assert str(load(ApiSettings).clock_file) == "/somewhere/clock.json"


def test_a_private_key_among_the_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, TOKEN_PUBLIC_KEYS=json.dumps({"keys": [KEY]}))
    assert refusal(capsys)[1].startswith("  TOKEN_PUBLIC_KEYS: ")


def test_secrets_dont_show_in_a_listing_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    shown = repr(load(ApiSettings))
    assert "pass@" not in shown
    assert KEY["d"] not in shown
    assert "k" * 32 not in shown


ENCRYPTED = {
    "WEB_URL": "https://madrina.test",
    "MEMBERS_URL": "https://members.test",
    "REQUESTS_URL": "https://requests.test",
    "REPUTATION_URL": "https://reputation.test",
    "NATS_URL": "tls://nats.test",
    "NATS_USER": "notify",
    "NATS_PASSWORD": "secret",
    "SMTP_HOST": "smtp.test",
    "SMTP_PORT": "587",
    "MAIL_FROM": "hello@madrina.test",
    "KEEP_KEY": "k" * 32,
}
SERVICES = ("WEB_URL", "MEMBERS_URL", "REQUESTS_URL", "REPUTATION_URL")
PLAIN = [(name, f"http://{host}") for name in SERVICES for host in ("elsewhere.test", "127.0.0.1:8701", "localhost")]
PLAIN += [("NATS_URL", "nats://nats.test"), ("NATS_URL", "tls://one.test,nats://two.test,tls://three.test"), ("SMTP_TLS", "none")]
PLAIN += [("DATABASE_URL", f"postgresql://notify:pass@db.test/notify{query}") for query in ("", "?sslmode=prefer", "?sslmode=disable")]
PLAIN += [("DATABASE_URL", url) for url in ("postgresql://one.test,two.test/x", "postgresql:///x?host=/run/postgresql,db.test")]


@pytest.mark.parametrize(("name", "value"), PLAIN)
def test_production_refuses_what_is_not_encrypted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    cls = web.Settings if name.lower() in web.Settings.model_fields else notify.Settings
    use(monkeypatch, **ENCRYPTED)
    load(cls)
    monkeypatch.setenv(name, value)
    assert refusal(capsys, cls)[1:] == [f"  {name}: isn't encrypted, and PLAIN_TEXT isn't allowed"]
    monkeypatch.setenv("PLAIN_TEXT", "allowed")
    load(cls)
    assert f"NOT ENCRYPTED ARE {name} !" in capsys.readouterr().err
    monkeypatch.delenv("PLAIN_TEXT")
    monkeypatch.setenv("MADRINA_ENV", "local")
    load(cls)
    assert capsys.readouterr().err == ""


def test_several_brokers_are_named_with_commas(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, **ENCRYPTED)
    monkeypatch.setenv("NATS_URL", "tls://one.test:4222, tls://two.test:4222/,tls://three.test")
    assert load(WorkerSettings).nats_url == "tls://one.test:4222,tls://two.test:4222,tls://three.test"
    monkeypatch.setenv("NATS_URL", "tls://one.test,two.test")
    assert refusal(capsys, WorkerSettings)[1:] == ["  NATS_URL: should start with nats:// or tls://"]
    monkeypatch.setenv("NATS_URL", "tls://one.test,tls://notify:hunter@two.test")
    [line] = refusal(capsys, WorkerSettings)[1:]
    assert line.startswith("  NATS_URL: should name servers alone")
    assert "hunter" not in line


@pytest.mark.parametrize("process", processes.PROCESSES, ids=lambda process: process.name)
def test_every_process_says_which_of_its_addresses_are_encrypted(process: processes.Process) -> None:
    assert issubclass(process.settings, Surroundings)
    marked = {name for name, field in process.settings.model_fields.items() if any(isinstance(mark, Encrypted) for mark in field.metadata)}
    named = {name for name in process.settings.model_fields if name.endswith(("_url", "_tls"))}
    assert marked == named


@pytest.mark.parametrize(
    "url", ["postgresql:///notify", "postgresql:///notify?host=/run/postgresql", "postgresql://one,two:5433/x?sslmode=require"]
)
def test_a_socket_of_this_machine_needs_no_encryption(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    use(monkeypatch, **ENCRYPTED, DATABASE_URL=url)
    load(notify.Settings)
