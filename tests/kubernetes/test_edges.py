"""Network policies open the connections that the table of processes needs, and none besides."""

from collections.abc import Callable

import pytest

from deploy.kubernetes.kustomize import OVERLAYS, Object
from deploy.processes import PROCESSES, settings_of, talks_to
from shared.process.settings import Encrypted
from tests.kubernetes.policies import Edge, edges, parties
from tests.kubernetes.rendered import config, named, render, render_with

PORTS = {"postgres": 5432, "nats": 4222} | {process.name: process.port for process in PROCESSES if process.port}


def needed(objects: list[Object]) -> set[Edge]:
    """What the table says, and what comes with the servers of an overlay."""
    there = {party.name for party in parties(objects)}
    found = {(process.name, other, PORTS[other]) for process in PROCESSES for other in talks_to(process) if other != "smtp"}
    letters = [process.name for process in PROCESSES if "smtp" in talks_to(process)]
    found |= {(name, other, int(config(objects)["SMTP_PORT"])) for name in letters for other in ("internet", "smtp")}
    found |= {("monitoring", process.name, process.health_port) for process in PROCESSES if process.health_port}
    found |= {("gateway", "web", 8700)}
    found |= {(party.name, "dns", 53) for party in parties(objects) if party.ours}
    if any(found["kind"] == "Cluster" for found in objects):
        found |= {(one, "postgres", port) for one in ("postgres", "operator") for port in (5432, 8000)}
        found |= {("monitoring", "postgres", 9187), ("postgres", "internet", 443), ("postgres", "internet", 6443)}
    if config(objects)["STREAM_REPLICAS"] == "3":
        found.add(("nats", "nats", 6222))
    # A server that isn't in the overlay is somewhere else, where no policy of ours tells.
    return {(source, target, port or 0) for source, target, port in found if target in there}


@pytest.mark.thorough
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_exactly_the_needed_edges_are_open(overlay: str) -> None:
    objects = render(overlay)
    found, wanted = edges(objects), needed(objects)
    assert (sorted(found - wanted), sorted(wanted - found)) == ([], [])


def policy(objects: list[Object], name: str) -> Object:
    """The spec of a network policy."""
    spec: Object = named(objects, "NetworkPolicy", name)["spec"]
    return spec


ANY_POD: Object = {"podSelector": {}}
ANY_NAMESPACE: Object = {"namespaceSelector": {}}
FAULTS: dict[str, tuple[Callable[[list[Object]], object], Edge]] = {
    "an egress too many": (
        lambda o: policy(o, "madrina-to-smtp")["egress"][0]["ports"].append({"port": 443}),
        ("notify-worker", "internet", 443),
    ),
    "a client too many": (
        lambda o: (
            policy(o, "madrina-to-nats")["podSelector"]["matchExpressions"][0]["values"].append("web"),
            policy(o, "madrina-nats")["ingress"][0]["from"].append(ANY_POD),
        ),
        ("web", "nats", 4222),
    ),
    "anyone at the pages": (lambda o: policy(o, "madrina-web")["ingress"][0]["from"].append(ANY_NAMESPACE), ("monitoring", "web", 8700)),
    "any port": (lambda o: policy(o, "madrina-web")["ingress"][0].pop("ports"), ("gateway", "web", 8720)),
    "health for all": (lambda o: policy(o, "madrina-health")["ingress"][0].pop("from"), ("another community", "web", 8720)),
    "nothing is closed": (lambda o: o.remove(named(o, "NetworkPolicy", "madrina-closed")), ("gateway", "a stray pod", 9999)),
    "an edge is missing": (lambda o: o.remove(named(o, "NetworkPolicy", "madrina-apis")), ("web", "members-api", 8701)),
    "an end of an edge is missing": (lambda o: o.remove(named(o, "NetworkPolicy", "madrina-to-smtp")), ("notify-worker", "internet", 587)),
    "another community's web": (
        lambda o: policy(o, "madrina-apis")["ingress"][0]["from"].append(
            {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app.kubernetes.io/name": "madrina"}}}
        ),
        ("another community", "members-api", 8701),
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_edge_is_found(fault: str) -> None:
    plant, edge = FAULTS[fault]
    objects = render_with("network-policies", "nats")
    assert edges(objects) == needed(objects)
    plant(objects)
    assert edge in edges(objects) ^ needed(objects)


def test_the_table_knows_every_way_out_of_a_process() -> None:
    """Settings that say how another machine is reached carry a mark: of each, the table knows who that is, or it is only a link."""
    links = {"WEB_URL", "RUN_BY_URL"}
    targets = {"DATABASE_URL": "postgres", "NATS_URL": "nats", "SMTP_TLS": "smtp"}
    targets |= {f"{service.upper()}_URL": f"{service}-api" for service in ("members", "requests", "reputation", "notify")}
    for process in PROCESSES:
        fields = process.settings.model_fields
        ways = {name.upper() for name, field in fields.items() if any(isinstance(mark, Encrypted) for mark in field.metadata)}
        assert {targets[name] for name in ways - links} == set(talks_to(process)), process.name
        assert ways <= {setting.name for setting in settings_of(process)}
