"""What kustomize makes of deploy/kubernetes, as plain objects, and the pods among them."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.kubernetes import kustomize
from deploy.kubernetes.kustomize import Object
from deploy.processes import PROCESSES, Process


def render(overlay: str) -> list[Object]:
    """The objects of an overlay; each call gives objects of its own, which a test may break."""
    return copy.deepcopy(kustomize.overlay(overlay))


def render_with(*components: str) -> list[Object]:
    """The objects of the base with these components."""
    return copy.deepcopy(kustomize.base_with(*components))


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
