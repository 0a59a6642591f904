"""What kustomize makes of deploy/kubernetes, as plain objects, and the pods among them."""

import copy
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.processes import PROCESSES, Process

Object = dict[str, Any]
"""One Kubernetes object."""

KUBERNETES = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
OVERLAYS = tuple(sorted(file.parent.name for file in KUBERNETES.glob("overlays/*/kustomization.yaml")))
COMPONENTS = tuple(sorted(file.parent.name for file in KUBERNETES.glob("components/*/kustomization.yaml")))


def render(overlay: str) -> list[Object]:
    """The objects of an overlay; each call gives objects of its own, which a test may break."""
    return copy.deepcopy(_overlay(overlay))


def render_with(*components: str) -> list[Object]:
    """The objects of the base with these components."""
    return copy.deepcopy(_with(components))


@cache
def _overlay(name: str) -> list[Object]:
    return _kustomize(KUBERNETES / "overlays" / name)


@cache
def _with(components: tuple[str, ...]) -> list[Object]:
    with tempfile.TemporaryDirectory() as folder:
        named = {
            "resources": [os.path.relpath(KUBERNETES / "base", os.path.realpath(folder))],
            "components": [os.path.relpath(KUBERNETES / "components" / name, os.path.realpath(folder)) for name in components],
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(named))
        return _kustomize(Path(folder))


def _kustomize(folder: Path) -> list[Object]:
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=False, timeout=60)
    # Kustomize warns of what it will do otherwise one day, and goes on.
    assert done.returncode == 0 and not done.stderr, f"{folder}: {done.stderr}"
    return list(yaml.load_all(done.stdout, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@dataclass(frozen=True)
class Pod:
    """The pods of one Deployment, StatefulSet or Job."""

    owner: Object

    @property
    def kind(self) -> str:
        return str(self.owner["kind"])

    @property
    def name(self) -> str:
        return str(self.owner["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.owner["spec"]["template"]["metadata"]["labels"])

    @property
    def spec(self) -> Object:
        spec: Object = self.owner["spec"]["template"]["spec"]
        return spec

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def process(self) -> Process | None:
        """The process of Madrina that it runs; None if it is a server that comes with an overlay."""
        component = self.labels.get("app.kubernetes.io/component")
        ours = self.labels.get("app.kubernetes.io/name") == "madrina"
        return next((process for process in PROCESSES if ours and process.name == component), None)


def pods(objects: Iterable[Object]) -> list[Pod]:
    """Everything that has a pod template."""
    return [Pod(found) for found in objects if found["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")]


def processes(objects: Iterable[Object]) -> Iterator[tuple[Process, Pod, Object]]:
    """Madrina's own processes, each with its pod and its container."""
    for pod in pods(objects):
        if pod.process:
            (container,) = pod.containers
            yield pod.process, pod, container


def named(objects: Iterable[Object], kind: str, name: str) -> Object:
    """The one object of that kind and name."""
    (found,) = [found for found in objects if (found["kind"], found["metadata"]["name"]) == (kind, name)]
    return found


def config(objects: Iterable[Object]) -> dict[str, str]:
    """What isn't secret."""
    return dict(named(objects, "ConfigMap", "madrina-config")["data"])
