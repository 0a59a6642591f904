"""What must hold for every pod of an overlay. Each check returns what is wrong, in words; test_pods.py breaks each."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI

from deploy import containers
from deploy.containers import IMAGE, USER, VERSION
from deploy.kubernetes.kustomize import Object
from deploy.kubernetes.secrets import secret_of
from deploy.processes import PROCESSES, Process, Setting, settings_of
from services.notify.delivery import in_flight
from shared.http import health
from shared.messaging import runtime
from shared.process import start
from tests.kubernetes.rendered import config, pods, processes

Check = Callable[[list[Object]], Iterator[str]]

RESOURCES = ("cpu", "memory", "ephemeral-storage")
_UNITS = {"m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def every_process_is_there(objects: list[Object]) -> Iterator[str]:
    """Each of the table once, under its name, with its command; what stays is a Deployment, what ends a Job named for its version."""
    found = {process.name: (pod, container) for process, pod, container in processes(objects)}
    if wrong := {process.name for process in PROCESSES} ^ set(found):
        yield f"missing or unknown: {sorted(wrong)}"
    for process in PROCESSES:
        if process.name not in found:
            continue
        pod, container = found[process.name]
        suffix = "" if process.health_port else f"-{VERSION.replace('.', '-')}"
        if (pod.kind, pod.name) != ("Deployment" if process.health_port else "Job", f"madrina-{process.name}{suffix}"):
            yield f"{process.name}: is the {pod.kind} {pod.name}"
        if container["command"] != ["python", *process.arguments()]:
            yield f"{process.name}: runs {container['command']}"


def every_setting_has_its_line(objects: list[Object]) -> Iterator[str]:
    """A process is given what it reads and nothing else: secrets from its own Secret, the rest from the one ConfigMap, each by key."""
    kept = config(objects)
    used: set[str] = set()
    for process, _, container in processes(objects):
        settings = {setting.name: setting for setting in settings_of(process)}
        given = {entry["name"]: entry for entry in container.get("env", [])}
        if container.get("envFrom"):
            yield f"{process.name}: takes settings unnamed"
        for name in sorted(set(given) - set(settings)):
            yield f"{process.name}: doesn't read {name}"
        for name in sorted(set(settings) - set(given)):
            # No clock travels in a cluster; a job keeps to its defaults.
            if settings[name].default is None or (process.health_port and name != "CLOCK_FILE"):
                yield f"{process.name}: is not given {name}"
        for name in sorted(set(settings) & set(given)):
            source = _source(process, settings[name])
            if {key: value for key, value in given[name].items() if key != "name"} != source:
                yield f"{process.name}: gets {name} from {given[name]}"
            if "madrina-config" in str(source):
                used.add(name)
    if wrong := set(kept) ^ used:
        yield f"the ConfigMap has, or lacks: {sorted(wrong)}"


def _source(process: Process, setting: Setting) -> Object:
    if setting.name in containers.fixed(process):
        return {"value": containers.fixed(process)[setting.name]}
    if setting.secret:
        return {"valueFrom": {"secretKeyRef": {"name": secret_of(process), "key": setting.name}}}
    keys = "madrina-token-keys" if setting.name == "TOKEN_PUBLIC_KEYS" else "madrina-config"
    return {"valueFrom": {"configMapKeyRef": {"name": keys, "key": setting.name}}}


def every_container_has_limits(objects: list[Object]) -> Iterator[str]:
    """Requests and limits of CPU, memory and local disk, the requests no higher than the limits."""
    for pod in pods(objects):
        for container in pod.containers:
            asked, most = (container.get("resources", {}).get(kind, {}) for kind in ("requests", "limits"))
            for resource in RESOURCES:
                if resource not in asked or resource not in most or _number(asked[resource]) > _number(most[resource]):
                    yield f"{pod.name}: {resource} from {asked.get(resource)} to {most.get(resource)}"


def _number(quantity: str) -> float:
    unit = next((unit for unit in _UNITS if str(quantity).endswith(unit)), "")
    return float(str(quantity).removesuffix(unit)) * _UNITS.get(unit, 1)


def every_pod_is_restricted(objects: list[Object]) -> Iterator[str]:
    """No root, no rights, no writable root, no token; and a setting that is wrong is the pod's message."""
    for pod in pods(objects):
        context, uid = pod.spec.get("securityContext", {}), USER if pod.process else None
        if not (context.get("runAsNonRoot") and context.get("seccompProfile") == {"type": "RuntimeDefault"}):
            yield f"{pod.name}: securityContext {context}"
        if context.get("runAsUser", 0) <= 0 or (uid and {context.get("runAsUser"), context.get("runAsGroup")} != {uid}):
            yield f"{pod.name}: runs as {context.get('runAsUser')}"
        if pod.spec.get("automountServiceAccountToken") is not False or pod.spec.get("enableServiceLinks") is not False:
            yield f"{pod.name}: gets a token or links"
        if uid and pod.spec.get("serviceAccountName") != secret_of(pod.process).removesuffix("-migrate"):  # type: ignore[arg-type]  # uid says so
            yield f"{pod.name}: is {pod.spec.get('serviceAccountName')}"
        for container in pod.containers:
            own = container.get("securityContext", {})
            if own != {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}:
                yield f"{pod.name}: container's securityContext {own}"
            if container.get("terminationMessagePolicy") != "FallbackToLogsOnError":
                yield f"{pod.name}: says nothing when it ends"


def ports_are_those_of_the_table(objects: list[Object]) -> Iterator[str]:
    """Of containers and of Services."""
    for process, pod, container in processes(objects):
        found = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
        if found != containers.ports(process):
            yield f"{pod.name}: listens on {found}"
    services = {found["metadata"]["name"]: found["spec"] for found in objects if found["kind"] == "Service"}
    for process in PROCESSES:
        if process.port is None:
            continue
        wanted_ports = [{"name": "http", "port": process.port, "targetPort": "http"}]
        selector = {"app.kubernetes.io/name": "madrina", "app.kubernetes.io/component": process.name}
        found = services.get(f"madrina-{process.name}", {})
        if (found.get("ports"), found.get("selector")) != (wanted_ports, selector):
            yield f"the Service madrina-{process.name}: {found}"


def probes_ask_what_they_should(objects: list[Object]) -> Iterator[str]:
    """Startup and liveness ask whether it lives, readiness whether it can work, and has the time that its checks may take."""
    for process, pod, container in processes(objects):
        probes = {name: container.get(f"{name}Probe", {}) for name in ("startup", "liveness", "readiness")}
        asked = {name: (probe.get("httpGet", {}).get("path"), probe.get("httpGet", {}).get("port")) for name, probe in probes.items()}
        wanted: dict[str, Any] = {"startup": ("/healthz", "health"), "liveness": ("/healthz", "health"), "readiness": ("/readyz", "health")}
        if process.health_port is None:
            wanted = dict.fromkeys(wanted, (None, None))
        elif probes["readiness"].get("timeoutSeconds", 1) <= health.CHECK_SECONDS:
            yield f"{pod.name}: readiness is given up before its checks are over"
        if asked != wanted:
            yield f"{pod.name}: probes {asked}"


FINISH_SECONDS = float(start._server(FastAPI(), "", 0).config.timeout_graceful_shutdown or 0)
"""What a server gives requests to finish."""
POOL_SECONDS = 5.0
STOP_SECONDS = FINISH_SECONDS + max(FINISH_SECONDS, runtime.STOP_SECONDS + in_flight.STOP_SECONDS) + POOL_SECONDS
"""What a process may take from SIGTERM to its end: health server, then requests (an api) or handlers and letters (a worker), pool."""


def pods_change_one_after_the_other(objects: list[Object]) -> Iterator[str]:
    """A new pod is ready before an old one goes, and the old one finishes what it has begun."""
    for process, pod, container in processes(objects):
        if process.health_port is None:
            continue
        rolling = pod.owner["spec"].get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxUnavailable") != 0 or rolling.get("maxSurge", 0) < 1:
            yield f"{pod.name}: rolls with {rolling}"
        pause = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if pause < 5:
            yield f"{pod.name}: stops {pause} s after it was told, before every proxy knows"
        if pod.spec.get("terminationGracePeriodSeconds", 30) <= pause + STOP_SECONDS:
            yield f"{pod.name}: is killed after {pod.spec.get('terminationGracePeriodSeconds', 30)} s, and may need {pause + STOP_SECONDS}"


def every_version_is_ours(objects: list[Object]) -> Iterator[str]:
    """The image's tag and the label, as pyproject.toml has it."""
    for _, pod, container in processes(objects):
        found = {
            container["image"],
            pod.labels.get("app.kubernetes.io/version"),
            pod.owner["metadata"]["labels"].get("app.kubernetes.io/version"),
        }
        if found != {IMAGE, VERSION}:
            yield f"{pod.name}: {sorted(map(str, found))}"


def the_namespace_is_restricted(objects: list[Object]) -> Iterator[str]:
    """One namespace, which enforces the restricted Pod Security standard, and everything in it."""
    (namespace,) = [found for found in objects if found["kind"] == "Namespace"]
    if namespace["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") != "restricted":
        yield f"the namespace enforces {namespace['metadata']['labels']}"
    for found in objects:
        if found is not namespace and found["metadata"].get("namespace") != namespace["metadata"]["name"]:
            yield f"{found['metadata']['name']}: is in the namespace {found['metadata'].get('namespace')}"


CHECKS: tuple[Check, ...] = (
    every_process_is_there,
    every_setting_has_its_line,
    every_container_has_limits,
    every_pod_is_restricted,
    ports_are_those_of_the_table,
    probes_ask_what_they_should,
    pods_change_one_after_the_other,
    every_version_is_ours,
    the_namespace_is_restricted,
)


def complaints(objects: list[Object]) -> list[str]:
    """What all checks say."""
    return [complaint for check in CHECKS for complaint in check(objects)]
