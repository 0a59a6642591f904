"""The provisioning job: what it makes, that it may run again, and what it says if it fails."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats.errors
import pytest
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, RetentionPolicy, StorageType
from nats.js.errors import APIError, BadRequestError, ServerError, ServiceUnavailableError

from deploy.local.ports import free_port
from shared.contracts.events.heard import HEARS
from shared.messaging import provisioning, topology
from shared.messaging.provisioning import NotProvisioned
from tests.backends.base import Broker
from tests.messaging.conftest import Connect

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]


async def test_streams_and_consumers_are_as_designed(broker: Broker, as_user: Connect) -> None:
    context = (await as_user("admin")).jetstream()
    for stream in topology.STREAMS:
        config = (await context.stream_info(stream.name)).config
        assert (config.subjects, config.storage) == (list(stream.subjects), StorageType.FILE)
        assert config.max_age == timedelta(days=7).total_seconds()
        assert config.retention == (RetentionPolicy.WORK_QUEUE if stream.name == "PRIVATE" else RetentionPolicy.LIMITS)
        assert config.allow_msg_ttl == (stream.name == "PRIVATE")
        assert not config.allow_direct
        assert config.duplicate_window
        assert config.duplicate_window >= 600
    for durable in topology.durables():
        consumer = (await context.consumer_info(durable.stream, durable.name)).config
        assert sorted(consumer.filter_subjects or [consumer.filter_subject]) == sorted(durable.subjects)
        assert (consumer.ack_policy, consumer.max_deliver) == (AckPolicy.EXPLICIT, -1)
        assert consumer.ack_wait == (10 if durable.stream == "PRIVATE" else 30), "what a worker that is gone held comes soon"


async def test_it_may_run_again_and_again_and_takes_changes_over(broker: Broker, as_user: Connect) -> None:
    context = (await as_user("admin")).jetstream()
    await context.publish("members.v1.member_joined", b"kept")
    config = (await context.stream_info("MEMBERS")).config
    config.max_age = 6_000
    await context.update_stream(config)
    await asyncio.gather(*(provisioning.provision(broker.url, *broker.credentials("provisioner")) for _ in range(3)))
    info = await context.stream_info("MEMBERS")
    assert (info.config.max_age, info.state.messages) == (7 * 24 * 3600, 1)


async def test_each_heard_event_has_exactly_one_consumer_a_service() -> None:
    for service, heard in HEARS.items():
        subjects = [subject for durable in topology.durables(service) for subject in durable.subjects]
        assert sorted(subjects) == sorted(event.type for event in heard)
        assert len({durable.name for durable in topology.durables(service)}) == len(topology.durables(service))


async def test_the_wrong_password_is_said_at_once(broker: Broker) -> None:
    with pytest.raises(NotProvisioned, match="doesn't know user provisioner"):
        await asyncio.wait_for(provisioning.provision(broker.url, "provisioner", "wrong"), 5)


@pytest.mark.parametrize(
    "fault",
    [
        ServerError(code=500, err_code=10049, description="error creating store for stream"),
        ServiceUnavailableError(code=503, err_code=10008, description="JetStream system temporarily unavailable"),
        BadRequestError(code=400, err_code=10005, description="no suitable peers for placement"),
        nats.errors.TimeoutError(),
        nats.errors.ConnectionClosedError(),
    ],
    ids=repr,
)
async def test_a_fault_of_the_brokers_own_is_outlived(broker: Broker, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    make, left = provisioning._provision, 3

    async def faulty(context: JetStreamContext, replicas: int) -> None:
        nonlocal left
        if left:
            left -= 1
            raise fault
        await make(context, replicas)

    monkeypatch.setattr(provisioning, "_provision", faulty)
    monkeypatch.setattr(provisioning, "backoff", lambda *_, **__: 0)
    await provisioning.provision(broker.url, *broker.credentials("provisioner"))
    assert left == 0
    left = 10**9
    said = "refused for 1 s: .*err_code" if isinstance(fault, APIError) else "did not answer user provisioner within 1 s"
    with pytest.raises(NotProvisioned, match=said):
        await provisioning.provision(broker.url, *broker.credentials("provisioner"), deadline=1)


async def test_a_cancellation_that_somebody_else_took_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    async def stubborn(*_: Any) -> None:
        nonlocal tries
        tries += 1
        assert tries < 20
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0.1)
        raise OSError

    monkeypatch.setattr(provisioning, "_once", stubborn)
    monkeypatch.setattr(provisioning, "backoff", lambda *_, **__: 0)
    with pytest.raises(NotProvisioned, match="did not answer"):
        await provisioning.provision("nats://127.0.0.1:1", "provisioner", "", deadline=0.05)


async def test_what_no_time_will_mend_is_said_at_once(broker: Broker) -> None:
    with pytest.raises(NotProvisioned, match=r"refused: .*replicas > 1 not supported in non-clustered mode"):
        await asyncio.wait_for(provisioning.provision(broker.url, *broker.credentials("provisioner"), replicas=3), 10)


async def test_a_user_without_the_right_is_told_apart(broker: Broker) -> None:
    with pytest.raises(NotProvisioned, match="did not answer user notify within"):
        await provisioning.provision(broker.url, *broker.credentials("notify"), deadline=1.5)


def run_job(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shared.process.provision"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "MADRINA_ENV": "local", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_the_job_ends_with_0(broker: Broker) -> None:
    user, password = broker.credentials("provisioner")
    done = await asyncio.to_thread(run_job, NATS_URL=broker.url, NATS_USER=user, NATS_PASSWORD=password)
    assert (done.returncode, done.stderr) == (0, "")


async def test_the_job_says_in_one_sentence_what_is_wrong(broker: Broker) -> None:
    done = await asyncio.to_thread(run_job, NATS_URL=broker.url, NATS_USER="provisioner", NATS_PASSWORD="wrong")
    assert done.returncode == 1
    assert done.stderr == f"Streams are not provisioned: the broker at {broker.url} doesn't know user provisioner with this password\n"
    assert (await asyncio.to_thread(run_job)).returncode == 78


async def test_one_of_several_servers_that_lives_is_enough(broker: Broker) -> None:
    for _ in range(4):  # which is tried first is drawn by lot
        await provisioning.provision(f"nats://127.0.0.1:{free_port()},{broker.url}", *broker.credentials("provisioner"), deadline=10)


async def test_it_waits_for_a_broker_that_comes_later_only_so_long() -> None:
    nowhere = f"nats://127.0.0.1:{free_port()}"
    began = asyncio.get_running_loop().time()
    with pytest.raises(NotProvisioned, match="is it up, with JetStream"):
        await provisioning.provision(nowhere, "provisioner", "any", deadline=1)
    assert 0.9 < asyncio.get_running_loop().time() - began < 5
