"""Every process gets what it needs, and nothing of what others need."""

from pathlib import Path

from deploy.local import keys
from deploy.local.environment import PROCESSES, Ports, environments
from shared.http.tokens import TokenSigner, TokenVerifier
from shared.ids import new_id

PORTS = Ports.from_base(8700)
SECRETS = keys.make()
FOUND = environments(PORTS, SECRETS, Path("/data"), {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "mine"})


def test_the_ports_are_the_documented_ones() -> None:
    documented = (8700, 8701, 8702, 8703, 8711, 8712, 8713, 8714, 8725, 8726, 8732, 8742)
    assert PORTS.all() == documented
    assert {int(FOUND[one.name]["PORT"]) for one in PROCESSES} == set(documented[:8])


def test_a_secret_goes_only_where_it_is_needed() -> None:
    holders = {
        SECRETS.signing_key: {"members-api"},
        SECRETS.code_key: {"members-api"},
        SECRETS.superuser: set(),
        **{password: {f"{name}-worker"} & set(FOUND) for name, password in SECRETS.broker.items()},
    }
    for secret, expected in holders.items():
        assert {name for name, environment in FOUND.items() if any(secret in value for value in environment.values())} == expected
    for service, password in SECRETS.databases.items():
        holding = {name for name, environment in FOUND.items() if any(password in value for value in environment.values())}
        assert holding == {one.name for one in PROCESSES if one.service == service}


def test_apis_and_pages_reach_no_broker_and_nothing_of_ours_leaks_in() -> None:
    for one in PROCESSES:
        names = set(FOUND[one.name])
        assert ("NATS_URL" in names) == (one.role == "worker")
        assert ("DATABASE_URL" in names) == (one.service != "web")
        assert "AWS_SECRET_ACCESS_KEY" not in names


def test_the_keys_fit_and_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path / "secrets")
    assert keys.load_or_make(tmp_path / "secrets") == made
    member_id = new_id()
    token, _ = TokenSigner(made.signing_key).issue(member_id, "requests")
    assert TokenVerifier(made.public_keys, "requests").verify(token) == member_id
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "secrets.json").stat().st_mode & 0o777 == 0o600
