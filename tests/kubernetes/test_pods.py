"""Every overlay's pods are given what they read, may do nothing else, and come and go without a gap; and each check bites."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from deploy import secrets
from deploy.containers import VERSION
from deploy.kubernetes import secrets as kept
from deploy.kubernetes.kustomize import KUBERNETES, OVERLAYS, Object, components_of
from deploy.processes import PROCESSES, settings_of
from shared.process.settings import load
from tests.kubernetes import checks_of_pods as checks
from tests.kubernetes.rendered import named, processes, render, render_with


@pytest.mark.thorough
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_promise_about_pods_holds(overlay: str) -> None:
    assert checks.complaints(render(overlay)) == []


@pytest.mark.thorough
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_starts_with_what_its_overlay_and_its_secrets_give_it(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = render(overlay)
    by_operator = "cloudnative-pg" in components_of(overlay)
    there = [*objects, *kept.objects(secrets.make("test"), "", cloudnative_pg=by_operator)]
    for process, _, container in processes(objects):
        for setting in settings_of(process):
            monkeypatch.delenv(setting.name, raising=False)
        for entry in container["env"]:
            monkeypatch.setenv(entry["name"], value_of(entry, there))
        load(process.settings)  # exits if one is missing, wrong, or lets something leave unencrypted that shouldn't


def value_of(entry: Object, there: list[Object]) -> str:
    """What the pod gets."""
    if "value" in entry:
        return str(entry["value"])
    ((kind, source),) = entry["valueFrom"].items()
    found = named(there, {"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}[kind], source["name"])
    return str((found.get("stringData") or found["data"])[source["key"]])


def container(objects: list[Object], name: str) -> Object:
    """The container of one process."""
    (found,) = [container for process, _, container in processes(objects) if process.name == name]
    return found


def pod(objects: list[Object], name: str) -> Object:
    """The pod spec of one process."""
    (found,) = [pod for process, pod, _ in processes(objects) if process.name == name]
    return found.spec


def env(objects: list[Object], name: str, setting: str) -> Object:
    """One line of a container's environment."""
    lines: list[Object] = container(objects, name)["env"]
    (found,) = [line for line in lines if line["name"] == setting]
    return found


def put(place: Object, **values: Any) -> None:
    place.update(values)


FAULTS: dict[checks.Check, dict[str, tuple[Callable[[list[Object]], object], str]]] = {
    checks.every_process_is_there: {
        "a process is missing": (
            lambda o: o.remove(named(o, "Deployment", "madrina-notify-worker")),
            "missing or unknown: ['notify-worker']",
        ),
        "another role": (
            lambda o: put(container(o, "members-api"), command=["python", "-m", "services.members", "worker"]),
            "members-api: runs",
        ),
        "a job of last year": (
            lambda o: put(named(o, "Job", "madrina-provision-0-1-0")["metadata"], name="madrina-provision"),
            "is the Job",
        ),
    },
    checks.every_setting_has_its_line: {
        "a setting forgotten": (lambda o: container(o, "web")["env"].remove(env(o, "web", "KEEP_KEY")), "web: is not given KEEP_KEY"),
        "a setting too many": (
            lambda o: container(o, "web")["env"].append({"name": "NATS_URL", "value": "nats://x"}),
            "web: doesn't read NATS_URL",
        ),
        "a secret of another": (
            lambda o: put(env(o, "requests-api", "DATABASE_URL")["valueFrom"]["secretKeyRef"], name="madrina-members"),
            "requests-api: gets DATABASE_URL from",
        ),
        "a migration with the runtime role": (
            lambda o: put(env(o, "members-migrate", "DATABASE_URL")["valueFrom"]["secretKeyRef"], name="madrina-members"),
            "members-migrate: gets DATABASE_URL from",
        ),
        "a key that may be missing": (
            lambda o: put(env(o, "notify-worker", "NATS_PASSWORD")["valueFrom"]["secretKeyRef"], optional=True),
            "notify-worker: gets NATS_PASSWORD from",
        ),
        "a secret written out": (
            lambda o: put(env(o, "web", "WEB_KEY"), value="x" * 32, valueFrom=None),
            "web: gets WEB_KEY from",
        ),
        "all of a map": (
            lambda o: put(container(o, "web"), envFrom=[{"configMapRef": {"name": "madrina-config"}}]),
            "takes settings unnamed",
        ),
        "a line that nobody reads": (lambda o: put(named(o, "ConfigMap", "madrina-config")["data"], COLOUR="gold"), "COLOUR"),
    },
    checks.every_container_has_limits: {
        "no limit": (lambda o: container(o, "web")["resources"]["limits"].pop("memory"), "madrina-web: memory from"),
        "asks for more than it may have": (lambda o: put(container(o, "web")["resources"]["requests"], memory="4Gi"), "memory from 4Gi"),
    },
    checks.every_pod_is_restricted: {
        "root": (lambda o: put(pod(o, "web")["securityContext"], runAsUser=0), "madrina-web: runs as 0"),
        "another user": (lambda o: put(pod(o, "web")["securityContext"], runAsUser=1000), "madrina-web: runs as 1000"),
        "may be root": (lambda o: pod(o, "web")["securityContext"].pop("runAsNonRoot"), "madrina-web: securityContext"),
        "every system call": (lambda o: pod(o, "web")["securityContext"].pop("seccompProfile"), "madrina-web: securityContext"),
        "a token": (lambda o: pod(o, "web").pop("automountServiceAccountToken"), "gets a token"),
        "links": (lambda o: pod(o, "web").pop("enableServiceLinks"), "gets a token or links"),
        "another's account": (lambda o: put(pod(o, "web"), serviceAccountName="default"), "is default"),
        "a writable root": (
            lambda o: put(container(o, "web")["securityContext"], readOnlyRootFilesystem=False),
            "container's securityContext",
        ),
        "a right kept": (lambda o: put(container(o, "web")["securityContext"], capabilities={}), "container's securityContext"),
        "more rights later": (
            lambda o: container(o, "web")["securityContext"].pop("allowPrivilegeEscalation"),
            "container's securityContext",
        ),
        "an end without a word": (lambda o: container(o, "web").pop("terminationMessagePolicy"), "says nothing when it ends"),
    },
    checks.ports_are_those_of_the_table: {
        "another port": (lambda o: put(container(o, "web")["ports"][0], containerPort=80), "madrina-web: listens on"),
        "a Service of another": (lambda o: put(named(o, "Service", "madrina-web")["spec"], selector={}), "the Service madrina-web"),
    },
    checks.probes_ask_what_they_should: {
        "liveness that asks the database": (
            lambda o: put(container(o, "web")["livenessProbe"]["httpGet"], path="/readyz"),
            "madrina-web: probes",
        ),
        "no startup of its own": (lambda o: container(o, "web").pop("startupProbe"), "madrina-web: probes"),
        "an impatient readiness": (lambda o: put(container(o, "web")["readinessProbe"], timeoutSeconds=1), "given up before"),
    },
    checks.pods_change_one_after_the_other: {
        "all pods at once": (lambda o: named(o, "Deployment", "madrina-web")["spec"].pop("strategy"), "madrina-web: rolls with"),
        "stops at once": (lambda o: container(o, "web").pop("lifecycle"), "stops 0 s after"),
        "killed while it finishes": (lambda o: put(pod(o, "web"), terminationGracePeriodSeconds=30), "is killed after 30 s"),
    },
    checks.every_version_is_ours: {
        "another version": (lambda o: put(container(o, "web"), image="madrina:latest"), "madrina-web: ['0.1.0', 'madrina:latest']"),
    },
    checks.the_namespace_is_restricted: {
        "an open namespace": (lambda o: named(o, "Namespace", "madrina")["metadata"]["labels"].clear(), "the namespace enforces"),
        "outside the namespace": (lambda o: named(o, "Service", "madrina-web")["metadata"].pop("namespace"), "is in the namespace None"),
    },
}


@pytest.mark.thorough
@pytest.mark.parametrize(("check", "fault"), [(check, fault) for check, faults in FAULTS.items() for fault in faults])
def test_a_planted_fault_is_found(check: checks.Check, fault: str) -> None:
    plant, words = FAULTS[check][fault]
    objects = render_with()
    plant(objects)
    (found,) = check(objects)
    assert words in found


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == set(checks.CHECKS)


@pytest.mark.thorough
def test_the_docs_say_what_pods_ask_for() -> None:
    page = (KUBERNETES.parents[1] / "docs" / "install-kubernetes.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.endswith(", 1 |")]
    said = {row[0]: tuple(row[-2:]) for row in rows}
    found: dict[str, tuple[str, ...]] = {}
    for process, _, container in processes(render_with()):
        name = process.name if process.health_port else "a job"
        found[name] = tuple(f"{amounts['memory']}, {amounts['cpu']}" for amounts in map(container["resources"].get, ("requests", "limits")))
    assert said == found


def test_versions_in_the_source_are_that_of_the_project() -> None:
    base = yaml.safe_load((KUBERNETES / "base" / "kustomization.yaml").read_text(encoding="utf-8"))
    jobs = yaml.safe_load((KUBERNETES / "base" / "jobs" / "kustomization.yaml").read_text(encoding="utf-8"))
    assert base["images"] == [{"name": "madrina", "newTag": VERSION}]
    assert base["labels"][0]["pairs"]["app.kubernetes.io/version"] == VERSION
    assert jobs["nameSuffix"] == f"-{VERSION.replace('.', '-')}"


@pytest.mark.parametrize(
    ("process", "secret"),
    [("members-api", "madrina-members"), ("members-migrate", "madrina-members-migrate"), ("provision", "madrina-provision")],
)
def test_the_secret_of_a_process_follows_from_the_table(process: str, secret: str) -> None:
    (found,) = [found for found in PROCESSES if found.name == process]
    assert kept.secret_of(found) == secret
