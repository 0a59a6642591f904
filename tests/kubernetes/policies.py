"""Who may open a connection to whom, by the network policies of an overlay: their semantics, for what is in it and around it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.kubernetes.kustomize import Object
from tests.kubernetes.rendered import pods

Edge = tuple[str, str, int]
"""Who opens a connection, to whom, on which port."""
SOME_OTHER_PORT = 9999


@dataclass(frozen=True)
class Party:
    """Pods of one kind, or what is outside the cluster."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: Mapping[str, str] | None = None
    """The labels of the namespace it is in, if that isn't ours."""
    address: bool = False
    """Whether it is outside the cluster, known by its address alone."""
    ports: Mapping[str, int] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        return self.namespace is None and not self.address


def _elsewhere(name: str, namespace: Mapping[str, str], labels: Mapping[str, str] | None = None, **ports: int) -> Party:
    return Party(name, labels or {}, namespace, ports=ports)


AROUND = (
    _elsewhere("gateway", {"serves": "gateway"}),
    _elsewhere("monitoring", {"serves": "monitoring"}),
    _elsewhere("dns", {"kubernetes.io/metadata.name": "kube-system"}, {"k8s-app": "kube-dns"}, dns=53),
    _elsewhere("operator", {"kubernetes.io/metadata.name": "cnpg-system"}),
    _elsewhere(
        "another community", {"kubernetes.io/metadata.name": "another"}, {"app.kubernetes.io/name": "madrina", "serves": "nats"}, http=8700
    ),
    Party("a stray pod"),
    Party("internet", address=True, ports={"https": 443, "smtp": 25, "submission": 587, "mailbox": 8726, "kubernetes": 6443}),
)


def parties(objects: Iterable[Object]) -> list[Party]:
    """Everything with a network of its own, each server under the name of what it serves."""
    objects = list(objects)
    found = list(AROUND)
    for pod in pods(objects):
        ports = {port["name"]: port["containerPort"] for container in pod.containers for port in container.get("ports", [])}
        name = pod.process.name if pod.process else pod.labels["serves"]
        found.append(Party(name, pod.labels, ports=ports))
    for cluster in (found for found in objects if found["kind"] == "Cluster"):
        labels = {"cnpg.io/cluster": cluster["metadata"]["name"], **cluster["spec"]["inheritedMetadata"]["labels"]}
        found.append(Party("postgres", labels, ports={"postgresql": 5432, "status": 8000, "metrics": 9187}))
    return found


def edges(objects: list[Object]) -> set[Edge]:
    """Every connection that the policies let somebody of ours open, or open to somebody of ours."""
    policies = [found["spec"] for found in objects if found["kind"] == "NetworkPolicy"]
    everyone = parties(objects)
    return {
        (source.name, target.name, port)
        for source in everyone
        for target in everyone
        for name, port in {**target.ports, "": SOME_OTHER_PORT}.items()
        if (source.ours or target.ours)
        and all(
            _may(rules, other, {name, port}) for rules, other in ((_egress(policies, source), target), (_ingress(policies, target), source))
        )
    }


Rules = list[tuple[list[Object] | None, list[Object] | None]]
"""Each: with whom (None: anyone), on which ports (None: any)."""


def _egress(policies: list[Object], party: Party) -> Rules:
    return _rules(policies, party, "Egress", "to")


def _ingress(policies: list[Object], party: Party) -> Rules:
    return _rules(policies, party, "Ingress", "from")


def _rules(policies: list[Object], party: Party, way: str, peers: str) -> Rules:
    """What a party may do one way. One that no policy selects may do everything."""
    chosen = [
        policy for policy in policies if party.ours and way in policy["policyTypes"] and _selects(policy["podSelector"], party.labels)
    ]
    if not chosen:
        return [(None, None)]
    return [(rule.get(peers), rule.get("ports")) for policy in chosen for rule in policy.get(way.lower()) or []]


def _may(rules: Rules, other: Party, port: set[str | int]) -> bool:
    """Whether the rules allow the other party, on a port by its name or number."""
    return any(
        (ports is None or any(wanted.get("port") in port for wanted in ports))
        and (peers is None or any(_is(peer, other) for peer in peers))
        for peers, ports in rules
    )


def _is(peer: Object, party: Party) -> bool:
    if "ipBlock" in peer:
        return party.address
    if party.address:
        return False
    in_namespace = _selects(peer["namespaceSelector"], party.namespace or {}) if "namespaceSelector" in peer else party.ours
    return in_namespace and _selects(peer.get("podSelector", {}), party.labels)


def _selects(selector: Object, labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        _holds(one, labels) for one in selector.get("matchExpressions", [])
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    among = labels.get(expression["key"]) in expression["values"]
    return {"In": among, "NotIn": not among}[expression["operator"]]
