"""The stack of one machine is what deploy/processes.py has, closed as far as it can be, and every key of it is explained."""

import re
from ipaddress import IPv4Network, ip_address

import pytest

from deploy.compose.example import OF_COMPOSE, chosen
from tests.containers import compose

TEXT = (compose.FOLDER / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (compose.FOLDER / ".env.example").read_text(encoding="utf-8")
CADDY = (compose.FOLDER / "Caddyfile").read_text(encoding="utf-8")


def test_it_keeps_to_its_rules() -> None:
    assert compose.wrong(compose.parsed(TEXT)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  members-worker:\n", "  members-waiter:\n", "members-worker isn't what deploy/processes.py has"),
        ("      SMTP_HOST: ${SMTP_HOST:-}\n", "", "notify-worker isn't given SMTP_HOST"),
        ("      PORT: 8700\n", "      PORT: 8701\n", "web has another PORT"),
        ("NATS_USER: requests", "NATS_USER: members", "requests-worker has another NATS_USER"),
        (
            "HEALTH_PORT: 8713\n",
            "HEALTH_PORT: 8713\n      SMTP_HOST: mail\n",
            "reputation-worker is given SMTP_HOST, which it doesn't read",
        ),
        ("HEALTH_PORT: 8713\n", "HEALTH_PORT: 8713\n      DATABASE_URL: x\n", "reputation-worker is given DATABASE_URL, which is a secret"),
        ("command: [-m, services.notify, worker]", "command: [-m, services.notify, api]", "notify-worker is started otherwise"),
        ('  user: "10001:10001"', '  user: "0:0"', "web runs as another user"),
        ("${MADRINA_IMAGE:-madrina:0.1.0}", "madrina:latest", "web is another image"),
        ("  <<: *process\n  networks: [apis", "  <<: *process\n  tmpfs: /tmp\n  networks: [apis", "members-api writes somewhere"),
        ("  restart: on-failure\n", "", "provision isn't run again until it ends well"),
        ("      provision: *done\n", "", "provision ends, which `up --wait` takes for a failure"),
        ("shared.process.ready", "shared.process.alive", "web isn't asked whether it is ready"),
        ("memory: 1G, ", "", "postgres has no limit of memory"),
        (", pids: 128}}}\n\n  postgres", "}}}\n\n  postgres", "caddy has no limit of pids"),
        ("  read_only: true\n", "", "nats may write, or more than nothing"),
        ("  cap_drop: [ALL]\n", "", "web may write, or more than nothing"),
        ("no-new-privileges:true", "apparmor:unconfined", "postgres may write, or more than nothing"),
        ("    user: postgres\n", "    user: postgres\n    cap_add: [CHOWN]\n", "postgres has a capability"),
        ("    networks: [broker]\n    healthcheck:", "    networks: [broker]\n    nothing:", "nats has no health check"),
        ("    user: postgres\n", '    user: postgres\n    ports: ["5432:5432"]\n', "postgres is published"),
        ("env_file: secrets/web.env", "env_file: secrets/members-api.env", "web has another's secrets"),
        ("  databases: {internal: true}", "  databases: {}", "databases leads outside"),
        ("    networks: [edge, apis]", "    networks: [edge, apis, databases]", "web is on other networks than it needs"),
    ],
)
def test_each_rule_bites(old: str, new: str, said: str) -> None:
    assert old in TEXT
    assert said in compose.wrong(compose.parsed(TEXT.replace(old, new)))


def keys(example: str) -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.MULTILINE))


def astray(text: str, example: str) -> set[str]:
    """The keys that only one of the two has."""
    return set(compose.interpolated(text)) ^ set(keys(example))


def test_every_key_is_in_the_example_with_its_meaning() -> None:
    assert astray(TEXT, EXAMPLE) == set()
    assert set(keys(EXAMPLE)) == set(chosen()) | set(OF_COMPOSE)
    explained = re.findall(r"^# .{10,}\n#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert explained == list(keys(EXAMPLE))


def test_defaults_are_the_same_in_both() -> None:
    here = {name: default for name, default in compose.interpolated(TEXT).items() if default}
    assert here == {name: default for name, (_, default) in OF_COMPOSE.items()}


@pytest.mark.parametrize(
    ("old", "new", "name"), [("#JOIN=", "#JOINING=", "JOIN"), ("\nMAIL_FROM=", "\n", "MAIL_FROM"), ("# This", "PORT=1\n# This", "PORT")]
)
def test_a_key_that_is_missing_or_too_many_is_found(old: str, new: str, name: str) -> None:
    assert name in astray(TEXT, EXAMPLE.replace(old, new))


def test_the_broker_writes_to_disk_before_it_answers_and_knows_its_users() -> None:
    nats = (compose.FOLDER / "nats.conf").read_text(encoding="utf-8")
    assert "sync_interval: always" in nats
    assert "include users.conf" in nats
    users = (compose.FOLDER.parent / "kubernetes/components/nats/users.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"password: \$([A-Z]+)", users)) == set(compose.SECRETS["nats"])


def test_caddy_bounds_what_one_client_may_cost_and_compresses_nothing() -> None:
    for bound in ("max_header_size 32KiB", "read_header 10s", "read_body 30s", "idle 60s", "response_header_timeout 35s"):
        assert bound in CADDY
    assert "encode" not in CADDY


def test_caddy_has_the_one_address_that_the_web_believes() -> None:
    stack = compose.parsed(TEXT)
    address = stack["services"]["caddy"]["networks"]["edge"]["ipv4_address"]
    assert stack["services"]["web"]["environment"]["TRUSTED_PROXIES"] == address
    (config,) = stack["networks"]["edge"]["ipam"]["config"]
    network, others = (IPv4Network(re.sub(r"\$\{\w+:-(.+?)\}", r"\1", config[name])) for name in ("subnet", "ip_range"))
    ours = ip_address(re.sub(r"\$\{\w+:-(.+?)\}", r"\1", address))
    assert ours in network
    assert ours not in others  # or another container could have it before Caddy starts
    # From these an engine takes networks that name no address, one of which could then cover this one.
    assert not any(network.subnet_of(IPv4Network(pool)) for pool in ("172.16.0.0/12", "192.168.0.0/16"))
