"""The broker's configuration as rendered, started with the binary: alone, and as three servers that keep every stream on each."""

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy.kubernetes.kustomize import Object
from deploy.kubernetes.secrets import secret_of
from deploy.local.broker import answers
from deploy.local.children import Child
from deploy.local.ports import free_ports
from deploy.processes import PROCESSES
from shared.messaging import topology
from shared.messaging.provisioning import NotProvisioned, provision
from tests.kubernetes.rendered import Pod, config, named, render_with

pytestmark = [pytest.mark.thorough, pytest.mark.servers]

SERVER = Path(sys.executable).with_name("nats-server")
PASSWORDS = {secret_of(process): f"{number:016}" for number, process in enumerate(PROCESSES, 1) if process.broker_user}
"""Each reads as a number if it isn't quoted."""
PASSWORDS["madrina-nats"] = "0123"


def environment(pod: Pod, name: str) -> dict[str, str]:
    """What the pod of that name gets, with `$(…)` put in as Kubernetes does."""
    values: dict[str, str] = {}
    for entry in pod.containers[0]["env"]:
        if "fieldRef" in (source := entry.get("valueFrom", {})):
            values[entry["name"]] = name
        elif source:
            values[entry["name"]] = PASSWORDS[source["secretKeyRef"]["name"]]
        else:
            values[entry["name"]] = re.sub(r"\$\((\w+)\)", lambda match: values[match[1]], entry["value"])
    return values


def written(objects: list[Object], pod: Pod, folder: Path, local: dict[str, str]) -> list[str]:
    """The pod's files in `folder`, everything that is elsewhere in a cluster put `local`; the command that starts it there."""
    maps = {volume["name"]: volume["configMap"]["name"] for volume in pod.spec["volumes"] if "configMap" in volume}
    for mount in pod.containers[0]["volumeMounts"]:
        place = folder / mount["mountPath"].lstrip("/")
        place.mkdir(parents=True)
        for file, text in named(objects, "ConfigMap", maps[mount["name"]])["data"].items() if mount["name"] in maps else ():
            (place / file).write_text(put(text, local))
    binary, *arguments = pod.containers[0]["command"]
    assert binary == "nats-server"
    return [str(SERVER), *(str(folder / part.lstrip("/")) if part.startswith("/") else part for part in arguments)]


def put(text: str, local: dict[str, str]) -> str:
    for there, here in local.items():
        text = text.replace(there, here)
    return text


@asynccontextmanager
async def started(objects: list[Object], folder: Path) -> AsyncIterator[dict[int, Child]]:
    """The servers of the StatefulSet on this machine; gives each by its port for clients."""
    pod = Pod(named(objects, "StatefulSet", "madrina-nats"))
    names = [f"madrina-nats-{number}" for number in range(pod.owner["spec"]["replicas"])]
    ports = dict(zip(names, [free_ports(3) for _ in names], strict=True))
    routes = {f"{name}.madrina-nats:6222": f"127.0.0.1:{ports[name][1]}" for name in names}
    children = []
    for name in names:
        client, route, monitor = ports[name]
        local = {"0.0.0.0:4222": f"127.0.0.1:{client}", "0.0.0.0:6222": f"127.0.0.1:{route}", "0.0.0.0:8222": f"127.0.0.1:{monitor}"}
        own = folder / name
        own.mkdir(parents=True)
        argv = written(objects, pod, own, {**local, "/data": json.dumps(str(own / "data"))})
        settings = {key: put(value, routes) for key, value in environment(pod, name).items()}
        children.append(Child(name, argv, settings, own, own / "log"))
    try:
        for child in children:
            child.start()
        async with asyncio.timeout(30):
            while not all([await answers(ports[name][0]) for name in names]):
                assert all(child.running for child in children), [child.last_words() for child in children]
                await asyncio.sleep(0.1)
        yield {ports[name][0]: child for name, child in zip(names, children, strict=True)}
    finally:
        for child in children:
            child.kill()


@pytest.mark.parametrize("component", ["nats", "nats-cluster"])
async def test_it_runs_as_rendered_for_the_users_of_the_topology_alone(component: str, tmp_path: Path) -> None:
    objects = render_with(component)
    async with started(objects, tmp_path / "nats") as ports:
        replicas = int(config(objects)["STREAM_REPLICAS"])
        assert len(ports) == len(config(objects)["NATS_URL"].split(",")) == replicas
        provisioner = PASSWORDS["madrina-provision"]
        url = f"nats://127.0.0.1:{next(iter(ports))}"
        await provision(url, topology.PROVISIONER, provisioner, replicas=replicas)
        for process in PROCESSES:
            if process.broker_user and process.role:
                await connected(url, process.broker_user, PASSWORDS[secret_of(process)])
        with pytest.raises(NotProvisioned):
            await provision(url, topology.PROVISIONER, "another", deadline=5)
        if replicas == 3:
            assert await copies(url, provisioner) == 3


async def connected(url: str, user: str, password: str) -> None:
    """Connect as a user, or raise."""
    client = Client()
    await client.connect(url, user=user, password=password, allow_reconnect=False, inbox_prefix=topology.inbox_prefix(user))
    await client.close()


async def copies(url: str, password: str) -> int:
    """On how many servers the stream REQUESTS is."""
    client, user = Client(), topology.PROVISIONER
    await client.connect(url, user=user, password=password, allow_reconnect=False, inbox_prefix=topology.inbox_prefix(user))
    try:
        info = await client.jetstream().stream_info("REQUESTS")
        return 1 + len(info.cluster.replicas if info.cluster and info.cluster.replicas else [])
    finally:
        await client.close()


async def test_before_it_ends_it_sends_its_clients_elsewhere(tmp_path: Path) -> None:
    """preStop asks for lame duck mode, and the SIGTERM that follows doesn't cut it short."""
    objects = render_with("nats")
    pod = Pod(named(objects, "StatefulSet", "madrina-nats"))
    command = pod.containers[0]["lifecycle"]["preStop"]["exec"]["command"]
    assert command == ["nats-server", "--signal", "ldm=1"], "process 1 is the server, in its container"
    async with started(objects, tmp_path / "nats") as servers:
        ((port, child),) = servers.items()
        told, client = asyncio.Event(), Client()

        async def lame_duck() -> None:
            told.set()

        await client.connect(
            f"nats://127.0.0.1:{port}",
            user="notify",
            password=PASSWORDS["madrina-notify"],
            lame_duck_mode_cb=lame_duck,
            allow_reconnect=False,
        )
        subprocess.run([SERVER, "--signal", f"ldm={child.pid}"], check=True, capture_output=True)
        async with asyncio.timeout(10):
            await told.wait()
        child.signal(signal.SIGTERM)
        await asyncio.sleep(1)
        assert child.running
        await client.close()
