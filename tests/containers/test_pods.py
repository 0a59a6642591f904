"""The demo overlay's pods as real containers, started as rendered: an introduction goes through them, and what wouldn't run fails."""

import asyncio
import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from deploy import secrets
from deploy.kubernetes.kustomize import Object
from deploy.local.client import Site
from deploy.local.demo import introduce
from deploy.processes import PROCESSES
from tests.containers import pods
from tests.containers.build import OURS
from tests.containers.pods import Container
from tests.kubernetes import rendered
from tests.kubernetes.rendered import Pod

pytestmark = [pytest.mark.containers, pytest.mark.timeout(240)]

POSTGRES = "madrina-postgres:5432"
PATIENCE_SECONDS = 120.0


def held_by(made: secrets.Secrets) -> dict[str, dict[str, str]]:
    """The Secrets that an operator makes, with all that any pod asks of them."""
    found: dict[str, dict[str, str]] = {"madrina-notify": {"SMTP_PASSWORD": ""}}
    for process in PROCESSES:
        name = process.name if process.role in ("migrate", None) else process.module.rpartition(".")[2]
        found.setdefault(f"madrina-{name}", {}).update(secrets.settings(process, made, POSTGRES))
    passwords = {f"{role.upper()}_PASSWORD": password for role, password in made.databases.items()}
    return found | {"madrina-postgres": {"POSTGRES_PASSWORD": made.superuser, **passwords}}


def image(name: str) -> str:
    """The image of a pod, or what the tests have in its place."""
    return OURS.get(name.partition(":")[0], name)


class Cluster:
    """The pods of an overlay on one network, each under the names of its services."""

    def __init__(self, objects: list[Object], folder: Path) -> None:
        self.made = secrets.make("test")
        self._objects, self._folder, self._stack = objects, folder, contextlib.ExitStack()
        self._network = self._stack.enter_context(Network())
        self._running: dict[str, tuple[Container, DockerContainer]] = {}
        configs = {one["metadata"]["name"]: one.get("data", {}) for one in objects if one["kind"] == "ConfigMap"}
        self._configs = configs | {"madrina-token-keys": {"TOKEN_PUBLIC_KEYS": self.made.public_keys}}
        self.secrets = held_by(self.made)

    def start(self, pod: Pod) -> Container:
        """Start a pod. Raises NoSuchKey if it refers to what isn't there."""
        spec = pods.container(pod, self.secrets, self._configs, self._folder)
        started = DockerContainer(image(spec.image)).with_envs(**spec.environment).with_kwargs(**spec.options)
        if spec.arguments:
            started.with_command(spec.arguments)
        for path, how in spec.memory.items():
            started.with_tmpfs_mount(path, how)
        for path, held in spec.files.items():
            started.with_volume_mapping(str(held), path)
        started.with_exposed_ports(*spec.ports.values()).with_network(self._network).with_network_aliases(*self._names(pod))
        self._stack.callback(started.stop)
        started.start()
        self._running[pod.name] = spec, started
        return spec

    def _names(self, pod: Pod) -> list[str]:
        """The services that lead to it; a service's port must be its container's here, for nothing translates it."""
        found = [one for one in self._objects if one["kind"] == "Service" and one["spec"]["selector"].items() <= pod.labels.items()]
        ports = {port["name"]: port["containerPort"] for container in pod.containers for port in container.get("ports", [])}
        for service in found:
            assert all(ports[port["targetPort"]] == port["port"] for port in service["spec"]["ports"]), service["metadata"]["name"]
        return [service["metadata"]["name"] for service in found] or [pod.name]

    def published(self, name: str, port: str) -> int:
        """Where a pod's port is on this machine."""
        spec, started = self._running[name]
        return int(started.get_exposed_port(spec.ports[port]))

    async def why_not(self, name: str, kind: str) -> str:
        """Why a probe of a pod says no, asked as it is rendered; nothing if it says yes."""
        spec, started = self._running[name]
        probe = spec.probes[kind]
        seconds = probe.get("timeoutSeconds", 1)
        if command := probe.get("exec", {}).get("command"):
            done = await asyncio.to_thread(started.exec, command)
            return "" if done.exit_code == 0 else done.output.decode()
        if "tcpSocket" in probe:
            _, writer = await asyncio.wait_for(
                asyncio.open_connection("127.0.0.1", self.published(name, probe["tcpSocket"]["port"])), seconds
            )
            writer.close()
            return ""
        asked = probe["httpGet"]
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as http:
            answer = await http.get(f"http://127.0.0.1:{self.published(name, asked['port'])}{asked['path']}")
        return "" if answer.is_success else answer.text

    async def ready(self, name: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until a pod's probes say yes, or its job has ended well. Raises AssertionError if any pod ends that should go on."""
        spec, started = self._running[name]
        deadline, why = time.monotonic() + seconds, ""
        while time.monotonic() < deadline:
            await asyncio.to_thread(self._nobody_ended)
            if not spec.probes and started.get_wrapped_container().wait()["StatusCode"] == 0:
                return
            with contextlib.suppress(OSError, httpx.HTTPError, TimeoutError):
                why = "; ".join(filter(None, [await self.why_not(name, kind) for kind in spec.probes]))
                if spec.probes and not why:
                    return
            await asyncio.sleep(0.2)
        raise AssertionError(f"{name} wasn't ready within {seconds:.0f} s: {why}")

    def _nobody_ended(self) -> None:
        for name, (spec, started) in self._running.items():
            container = started.get_wrapped_container()
            container.reload()
            state = container.attrs["State"]
            if container.status == "exited" and spec.probes:
                said = container.logs().decode()[-2000:]
                raise AssertionError(f"{name} ended with {state['ExitCode']}{' for its memory' * state['OOMKilled']}:\n{said}")

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(rendered.render("demo"), tmp_path)
    yield made
    made.close()


def named(name: str) -> Pod:
    return next(pod for pod in rendered.pods(rendered.render("demo")) if pod.name.startswith(name))


async def test_one_introduction_goes_through_the_pods_as_they_are_rendered(cluster: Cluster) -> None:
    every = rendered.pods(rendered.render("demo"))
    for pod in every:
        await asyncio.to_thread(cluster.start, pod)
    for pod in every:
        await cluster.ready(pod.name)
    apis = {process.name: cluster.published(f"madrina-{process.name}", "http") for process in PROCESSES if process.port}
    async with Site({**apis, "mailbox": cluster.published("madrina-mailbox", "page")}, cluster.made.web_key) as site:
        await introduce(site)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"http://127.0.0.1:{apis['web']}/")).status_code == 200


@pytest.mark.parametrize("what", ["command", "memory", "folder", "writes"])
async def test_a_pod_that_would_not_run_fails(cluster: Cluster, what: str) -> None:
    pod = named("madrina-postgres" if what == "folder" else "madrina-members-api")
    (spec,) = pod.containers
    match what:
        case "command":
            spec["command"] = ["python", "-m", "services.members", "apy"]
        case "memory":
            spec["resources"]["limits"]["memory"] = "24Mi"
        case "folder":
            spec["volumeMounts"] = [mount for mount in spec["volumeMounts"] if mount["name"] != "data"]
        case "writes":
            spec["command"] = ["python", "-c", "open('/app/written', 'w')"]
    await asyncio.to_thread(cluster.start, pod)
    with pytest.raises(AssertionError, match=r"ended with|wasn't ready"):
        await cluster.ready(pod.name, 20)


@pytest.mark.parametrize("key", ["CODE_KEY", "DATABASE_URL"])
async def test_a_secret_without_a_key_starts_nothing_and_says_which(cluster: Cluster, key: str) -> None:
    del cluster.secrets["madrina-members"][key]
    with pytest.raises(pods.NoSuchKey, match=re.escape(f"key {key} in madrina-members")):
        cluster.start(named("madrina-members-api"))
