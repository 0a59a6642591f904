"""What may be away at once: a drain always goes on, and never takes the last pod of a kind, or a quorum."""

from collections.abc import Callable, Iterator

import pytest

from deploy.kubernetes.kustomize import OVERLAYS, Object
from tests.kubernetes.rendered import Pod, config, named, pods, render, render_with

OUTSIDE_THE_POOL = 2
"""Connections of one process besides its pool: the relay's lock, and what listens."""
NOT_OURS = 20
"""Connections kept for migrations, an operator, replication and the superuser."""


def fewest_and_most(objects: list[Object], pod: Pod) -> tuple[int, int]:
    """How many pods of a kind there are meant to be."""
    for found in objects:
        if found["kind"] == "HorizontalPodAutoscaler" and found["spec"]["scaleTargetRef"]["name"] == pod.name:
            return found["spec"]["minReplicas"], found["spec"]["maxReplicas"]
    return (replicas := pod.owner["spec"]["replicas"]), replicas


def budgets(objects: list[Object], pod: Pod) -> list[Object]:
    """The disruption budgets that count these pods."""
    found = [budget["spec"] for budget in objects if budget["kind"] == "PodDisruptionBudget"]
    return [budget for budget in found if budget["selector"]["matchLabels"].items() <= pod.labels.items()]


def a_drain_goes_on_and_leaves_enough(objects: list[Object]) -> Iterator[str]:
    """Of several pods one may go, and one stays (of a broker: most of them)."""
    for pod in pods(objects):
        if pod.kind == "Job":
            continue
        fewest, _ = fewest_and_most(objects, pod)
        budget = budgets(objects, pod)
        if fewest == 1:
            if budget:
                yield f"{pod.name}: of one there is nothing to keep"
            continue
        needed = 1 if pod.process else fewest // 2 + 1
        if len(budget) != 1 or not 1 <= budget[0].get("maxUnavailable", 0) <= fewest - needed:
            yield f"{pod.name}: of {fewest}, {budget} may go"


def pods_of_a_kind_are_on_different_machines(objects: list[Object]) -> Iterator[str]:
    """Each counted among its own kind, and among one rollout; a machine that is drained isn't counted."""
    for pod in pods(objects):
        if pod.kind == "Job" or fewest_and_most(objects, pod)[0] == 1:
            continue
        hosts = [rule for rule in pod.spec.get("topologySpreadConstraints", []) if rule["topologyKey"] == "kubernetes.io/hostname"]
        wanted = {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", "nodeTaintsPolicy": "Honor"}
        if (
            len(hosts) != 1
            or not wanted.items() <= hosts[0].items()
            or not hosts[0]["labelSelector"]["matchLabels"].items() <= pod.labels.items()
        ):
            yield f"{pod.name}: spread by {hosts}"
        elif pod.process and hosts[0].get("matchLabelKeys") != ["app.kubernetes.io/component", "pod-template-hash"]:
            yield f"{pod.name}: counted among other pods"


def an_autoscaler_has_its_way(objects: list[Object]) -> Iterator[str]:
    """It finds its Deployment, which names no number of its own."""
    deployments = {pod.name: pod.owner["spec"] for pod in pods(objects) if pod.kind == "Deployment"}
    for found in objects:
        if found["kind"] == "HorizontalPodAutoscaler" and "replicas" in deployments.get(
            found["spec"]["scaleTargetRef"]["name"], {"replicas": 0}
        ):
            yield f"{found['metadata']['name']}: another sets the number of pods"


def the_database_has_room_for_every_pool(objects: list[Object]) -> Iterator[str]:
    """While every process is being replaced, at its greatest number."""
    pool = int(config(objects)["DATABASE_POOL_SIZE"])
    with_a_database = [pod for pod in pods(objects) if pod.process and pod.process.health_port and pod.process.database]
    needed = NOT_OURS + sum((fewest_and_most(objects, pod)[1] + 1) * (pool + OUTSIDE_THE_POOL) for pod in with_a_database)
    for found in objects:
        if found["kind"] == "Cluster" and int(found["spec"]["postgresql"]["parameters"]["max_connections"]) < needed:
            yield f"{found['metadata']['name']}: needs {needed} connections"
        if found["kind"] == "StatefulSet" and found["metadata"]["name"] == "madrina-postgres":
            (container,) = found["spec"]["template"]["spec"]["containers"]
            if int(container["args"][1].removeprefix("max_connections=")) < needed:
                yield f"{found['metadata']['name']}: needs {needed} connections"


CHECKS = (
    a_drain_goes_on_and_leaves_enough,
    pods_of_a_kind_are_on_different_machines,
    an_autoscaler_has_its_way,
    the_database_has_room_for_every_pool,
)


@pytest.mark.thorough
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_promise_about_numbers_holds(overlay: str) -> None:
    objects = render(overlay)
    assert [complaint for check in CHECKS for complaint in check(objects)] == []


def budget(objects: list[Object], name: str) -> Object:
    """The spec of a disruption budget."""
    spec: Object = named(objects, "PodDisruptionBudget", name)["spec"]
    return spec


def spread(objects: list[Object], name: str) -> Object:
    """How the pods of a Deployment are spread over machines."""
    rule: Object = named(objects, "Deployment", name)["spec"]["template"]["spec"]["topologySpreadConstraints"][0]
    return rule


Fault = tuple[Callable[[list[Object]], Iterator[str]], Callable[[list[Object]], object], str]
FAULTS: dict[str, Fault] = {
    "no budget": (
        CHECKS[0],
        lambda o: o.remove(named(o, "PodDisruptionBudget", "madrina-notify-worker")),
        "madrina-notify-worker: of 2, []",
    ),
    "a budget for both": (CHECKS[0], lambda o: budget(o, "madrina-web").update(maxUnavailable=2), "madrina-web: of 2"),
    "a budget that stops every drain": (CHECKS[0], lambda o: budget(o, "madrina-web").update(maxUnavailable=0), "madrina-web: of 2"),
    "a budget of another": (
        CHECKS[0],
        lambda o: budget(o, "madrina-web")["selector"]["matchLabels"].pop("app.kubernetes.io/component"),
        "madrina-",
    ),
    "no quorum": (CHECKS[0], lambda o: budget(o, "madrina-nats").update(maxUnavailable=2), "madrina-nats: of 3"),
    "a budget for one": (
        CHECKS[0],
        lambda o: named(o, "Deployment", "madrina-notify-worker")["spec"].update(replicas=1),
        "nothing to keep",
    ),
    "on one machine": (CHECKS[1], lambda o: spread(o, "madrina-web").update(whenUnsatisfiable="ScheduleAnyway"), "madrina-web: spread by"),
    "all kinds together": (CHECKS[1], lambda o: spread(o, "madrina-web").pop("matchLabelKeys"), "madrina-web: counted among"),
    "two who decide": (CHECKS[2], lambda o: named(o, "Deployment", "madrina-web")["spec"].update(replicas=2), "madrina-web: another"),
    "a larger pool": (CHECKS[3], lambda o: named(o, "ConfigMap", "madrina-config")["data"].update(DATABASE_POOL_SIZE="20"), "needs"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    check, plant, words = FAULTS[fault]
    objects = render_with("ha", "hpa", "cloudnative-pg", "nats-cluster")
    plant(objects)
    assert any(words in complaint for complaint in check(objects))
