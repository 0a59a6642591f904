"""What breaks in a cluster. Each function breaks one thing while members go on, and mends it as an operator would."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
import nats

from shared.messaging.relay import LOCK
from tests.backends.base import ADMIN
from tests.cluster.cluster import RUNNING, Cluster, Replica

STREAM = "REQUESTS"
STOP_SECONDS = 20.0
DEAD_RELAY_SECONDS = 30.0
"""For so long, at most, a relay that is cut off keeps its lock."""


@dataclass(frozen=True)
class Scenario:
    """One thing that breaks, and what that may cost."""

    name: str
    happens: Callable[[Cluster, float], Awaitable[None]]
    """`await happens(cluster, seconds)`: what is out stays out for so long."""
    commands_fail: bool = True
    """Whether a command or a page may fail meanwhile; if not, not one may."""
    cuts: bool = False
    """Whether it needs nodes that can be cut off."""
    long: bool = False
    """Whether it takes a minute by itself, so that the members need as long."""


async def primary_killed(cluster: Cluster, seconds: float) -> None:
    """PostgreSQL's primary dies with its node; after a while the standby takes over, and a new standby is made."""
    cluster.primary.child.kill()
    await asyncio.sleep(seconds / 4)
    await cluster.fail_over()
    await cluster.follow()


async def nats_server_killed(cluster: Cluster, seconds: float) -> None:
    """A NATS server dies that leads nothing the commands' events need."""
    leader = await leader_of(cluster)
    await _nats_away(cluster, [name for name in cluster.nats if name != leader][:1], seconds)


async def stream_leader_killed(cluster: Cluster, seconds: float) -> None:
    """The NATS server dies that leads the stream of the commands' events."""
    await _nats_away(cluster, [await leader_of(cluster)], seconds)


async def quorum_lost(cluster: Cluster, seconds: float) -> None:
    """Two of three NATS servers die, the stream's leader among them."""
    leader = await leader_of(cluster)
    await _nats_away(cluster, [leader, *(name for name in cluster.nats if name != leader)][:2], seconds)


async def processes_killed(cluster: Cluster, seconds: float) -> None:
    """Every replica of every process is killed once, and started again."""
    for replica in cluster.replicas:
        replica.child.kill()
        await asyncio.sleep(seconds / len(cluster.replicas))
        cluster.start_again(replica)


async def node_cut_off(cluster: Cluster, seconds: float) -> None:
    """A node with one of each process, the active relay and a NATS server is cut off: nobody is told that its connections are over."""
    node, began = cluster.network.nodes[0], time.monotonic()
    node.cut()
    async with asyncio.timeout(DEAD_RELAY_SECONDS):
        while await relay_of(cluster) in (node.host, None):
            await asyncio.sleep(0.2)
    print(f"\nanother relay had the lock after {time.monotonic() - began:.1f} s")
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    node.mend()


async def primary_cut_off(cluster: Cluster, seconds: float) -> None:
    """The node of PostgreSQL's primary is cut off; after a while the standby takes over. The old primary is ended before it is back."""
    node = next(node for node in cluster.network.nodes if node.host == cluster.primary.host)
    node.cut()
    await asyncio.sleep(seconds / 4)
    await cluster.fail_over()
    await asyncio.sleep(seconds * 3 / 4)
    node.mend()
    await cluster.follow()


async def everything_restarted(cluster: Cluster, seconds: float) -> None:
    """Every replica of every process one by one, as a rollout does it, then every NATS server."""
    await rolled(cluster, [process.name for process in RUNNING])
    for server in cluster.nats.values():
        await server.stop()
        await server.start()
        await leader_of(cluster)
        await asyncio.sleep(seconds / 4)


async def rolled(cluster: Cluster, names: Sequence[str], *, at_once: int = 1) -> None:
    """Restart these processes, `at_once` of them at a time, and of each one replica after the other, as their Deployments do."""
    turns = asyncio.Semaphore(at_once)

    async def deployment(name: str) -> None:
        async with turns:
            for replica in cluster.of(name):
                await _replaced(cluster, replica)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(deployment(name))
    await cluster.ready()


async def _replaced(cluster: Cluster, replica: Replica) -> None:
    """No new connections, a pause as its preStop makes one, SIGTERM, a new process, and wait until that is ready."""
    replica.leaving = True
    await asyncio.sleep(PRE_STOP_SECONDS)
    await replica.child.stop(STOP_SECONDS)
    assert replica.child.exit_code == 0, f"{replica.name} ended with {replica.child.exit_code}"
    replica.ready = replica.leaving = False
    cluster.start_again(replica)
    await cluster.ready([replica])


PRE_STOP_SECONDS = 0.5
SCENARIOS = (
    Scenario("everything restarted, one by one", everything_restarted, commands_fail=False, long=True),
    Scenario("processes killed, one by one", processes_killed),
    Scenario("a NATS server killed", nats_server_killed, commands_fail=False),
    Scenario("the stream's leader killed", stream_leader_killed, commands_fail=False),
    Scenario("two of three NATS servers killed", quorum_lost, commands_fail=False),
    Scenario("PostgreSQL's primary killed", primary_killed),
    Scenario("the primary's node cut off", primary_cut_off, cuts=True),
    Scenario("the relay's node cut off", node_cut_off, cuts=True),
)


async def leader_of(cluster: Cluster) -> str:
    """The NATS server that leads the stream, once there is one."""
    user, password = ADMIN
    async with asyncio.timeout(60):
        while True:
            try:
                client = await nats.connect(cluster.nats_url.split(","), user=user, password=password, allow_reconnect=False)
                try:
                    info = await client.jetstream().stream_info(STREAM)
                finally:
                    await client.close()
                if info.cluster and info.cluster.leader:
                    return info.cluster.leader
            except (nats.errors.Error, OSError):
                pass
            await asyncio.sleep(0.2)


async def relay_of(cluster: Cluster) -> str | None:
    """The address of the node from which the requests service's events are published; None if there is none now."""
    connection = await asyncpg.connect(cluster.database_url("requests"), timeout=5)
    try:
        row = await connection.fetchrow(
            "select host(client_addr) as host from pg_locks as lock join pg_stat_activity as session using (pid)"
            " where locktype = 'advisory' and granted and (classid::bigint << 32) + objid::bigint = $1 and datname = current_database()",
            LOCK,
        )
        return str(row["host"]) if row else None
    finally:
        await connection.close()


async def relay_on(cluster: Cluster, host: str) -> None:
    """See that the active relay of the requests service is there."""
    for replica in cluster.of("requests-worker"):
        if replica.node.host != host:
            await replica.child.stop(STOP_SECONDS)
            async with asyncio.timeout(60):
                while await relay_of(cluster) != host:
                    await asyncio.sleep(0.2)
            cluster.start_again(replica)
    await cluster.ready()


async def _nats_away(cluster: Cluster, names: list[str], seconds: float) -> None:
    for name in names:
        cluster.nats[name].child.kill()
    await asyncio.sleep(seconds)
    await asyncio.gather(*(cluster.nats[name].start() for name in names))
