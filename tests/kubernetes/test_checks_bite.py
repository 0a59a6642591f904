"""Each check of the manifests is held against a pod, a route and a database that are right, and against one fault planted in them."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kubernetes import scanners, schemas
from tests.kubernetes.scanners import Finding, Suppression

pytestmark = pytest.mark.thorough
DEPLOYMENT, ROUTE, DATABASE = yaml.safe_load_all("""
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: madrina}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: madrina:0.1.0
        resources:
          requests: {cpu: 1m, memory: 1Mi}
          limits: {cpu: 1m, memory: 1Mi}
        securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, labels: {app: web}}
spec:
  hostnames: [madrina.example]
  parentRefs: [{name: gateway}]
  rules: [{backendRefs: [{name: web, port: 8700}]}]
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: database}
spec: {instances: 3, storage: {size: 1Gi}, postgresql: {parameters: {max_connections: "200"}}}
""")
DOCKERFILE = 'FROM python:3.13-slim\nHEALTHCHECK CMD ["python"]\nUSER 10001\n'
Steps = Sequence[str | int]
CONTAINER: Steps = ("spec", "template", "spec", "containers", 0)
REMOVED: Any = object()


def planted(thing: Any, path: Steps, value: Any) -> Any:
    """A copy of an object with another value, or none, at a path."""
    copy = deepcopy(thing)
    *outer, last = path
    inner = copy
    for key in outer:
        inner = inner[key]
    if value is REMOVED:
        del inner[last]
    else:
        inner[last] = value
    return copy


def test_what_is_right_passes() -> None:
    assert schemas.problems([DEPLOYMENT, ROUTE, DATABASE]) == []
    assert scanners.hadolint(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("thing", "path", "value", "says"),
    [
        (DEPLOYMENT, [*CONTAINER, "resource"], {}, "'resource' was unexpected"),
        (DEPLOYMENT, ["spec", "replicas"], "2", "'2' is not of type"),
        (DEPLOYMENT, ["spec", "selector"], REMOVED, "'selector' is a required property"),
        (DEPLOYMENT, ["apiVersion"], "apps/v1beta1", "there is no schema for apps/v1beta1 Deployment"),
        (DEPLOYMENT, ["kind"], "Deploymnet", "there is no schema for apps/v1 Deploymnet"),
        (DEPLOYMENT, ["apiVersion"], "example.org/v1", "there is no schema for example.org/v1 Deployment"),
        (ROUTE, ["spec", "hostname"], "madrina.example", "unknown field spec.hostname"),
        (ROUTE, ["spec", "rules", 0, "backendRefs", 0, "portt"], 1, "unknown field spec.rules.0.backendRefs.0.portt"),
        (ROUTE, ["spec", "hostnames"], "madrina.example", "data/spec/hostnames must be array"),
        (ROUTE, ["apiVersion"], "gateway.networking.k8s.io/v2", "there is no schema for gateway.networking.k8s.io/v2 HTTPRoute"),
        (DATABASE, ["spec", "instances"], "3", "data/spec/instances must be integer"),
        (DATABASE, ["spec", "postgresql", "parameter"], {}, "unknown field spec.postgresql.parameter"),
        (DATABASE, ["kind"], "Clusters", "there is no schema for postgresql.cnpg.io/v1 Clusters"),
    ],
)
def test_a_wrong_manifest_is_refused(thing: Any, path: Steps, value: Any, says: str) -> None:
    found = schemas.problems([planted(thing, path, value)])
    assert len(found) == (1 if thing in (ROUTE, DATABASE) else len(schemas.VERSIONS))
    assert all(says in line for line in found), found


def test_a_kind_that_is_too_new_for_one_version_is_refused_for_that_one() -> None:
    dra = {"apiVersion": "resource.k8s.io/v1", "kind": "DeviceClass", "metadata": {"name": "x"}, "spec": {}}
    assert [line[:4] for line in schemas.problems([dra])] == ["1.31", "1.32", "1.33"]


PLANTED: list[tuple[str, Callable[[], Any], str]] = [
    ("no-limits", lambda: planted(DEPLOYMENT, [*CONTAINER, "resources", "limits"], REMOVED), "KSV-0018"),
    ("root", lambda: planted(DEPLOYMENT, ["spec", "template", "spec", "securityContext", "runAsUser"], 0), "KSV-0020"),
    ("no-non-root", lambda: planted(DEPLOYMENT, ["spec", "template", "spec", "securityContext", "runAsNonRoot"], REMOVED), "KSV-0012"),
    ("writable", lambda: planted(DEPLOYMENT, [*CONTAINER, "securityContext", "readOnlyRootFilesystem"], False), "KSV-0014"),
    ("capabilities", lambda: planted(DEPLOYMENT, [*CONTAINER, "securityContext", "capabilities"], REMOVED), "KSV-0003"),
    ("escalation", lambda: planted(DEPLOYMENT, [*CONTAINER, "securityContext", "allowPrivilegeEscalation"], True), "KSV-0001"),
    ("privileged", lambda: planted(DEPLOYMENT, [*CONTAINER, "securityContext", "privileged"], True), "KSV-0017"),
    ("latest", lambda: planted(DEPLOYMENT, [*CONTAINER, "image"], "madrina:latest"), "KSV-0013"),
    ("no-seccomp", lambda: planted(DEPLOYMENT, ["spec", "template", "spec", "securityContext", "seccompProfile"], REMOVED), "KSV-0030"),
    ("host-network", lambda: planted(DEPLOYMENT, ["spec", "template", "spec", "hostNetwork"], True), "KSV-0009"),
    ("default-namespace", lambda: planted(DEPLOYMENT, ["metadata", "namespace"], REMOVED), "KSV-0110"),
]


def test_trivy_finds_each_fault_and_nothing_in_what_is_right(tmp_path: Path) -> None:
    rendered = {"right": [DEPLOYMENT, ROUTE, DATABASE], **{name: [thing()] for name, thing, _ in PLANTED}}
    found = {
        (finding.where.partition("/")[0], finding.check)
        for finding in scanners.trivy(rendered, DOCKERFILE.replace("10001", "root"), tmp_path)
    }
    assert {(name, check) for name, _, check in PLANTED} - found == set()
    assert {check for name, check in found if name in ("right", "Dockerfile")} == {"DS-0002"}


def test_hadolint_finds_a_fault() -> None:
    assert "DL3003" in {finding.check for finding in scanners.hadolint(DOCKERFILE + "RUN cd /tmp\n")}


def test_a_suppression_covers_what_it_names_and_no_more() -> None:
    found = [Finding("KSV-1", "demo/Deployment/web", "m"), Finding("KSV-2", "demo/Deployment/web", "m")]
    needed = Suppression("KSV-1", "demo/*", "why")
    assert scanners.followed(found, [needed]) == ["KSV-2 demo/Deployment/web: m"]
    assert scanners.followed(found[:1], [needed]) == []
    elsewhere = Suppression("KSV-1", "small/*", "why")
    assert scanners.followed(found[:1], [elsewhere]) == ["KSV-1 demo/Deployment/web: m", "KSV-1 small/*: nothing needs this suppression"]
