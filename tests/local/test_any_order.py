"""Everything of a service started at once, before its servers, its roles and its database: all of it ends well by itself."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from deploy import processes
from deploy.local import databases, folders, keys
from deploy.local.broker import NatsServer
from deploy.local.environment import Ports, environment, health_port, well_known_ports
from deploy.local.home import ROOT
from deploy.local.ports import free_port, free_ports_for
from deploy.local.postgres import PostgresServer

pytestmark = [pytest.mark.servers, pytest.mark.thorough]

JOBS = ("members-migrate", "members-migrate", "provision", "provision")
SERVICES = ("members-api", "members-worker")


@pytest.mark.timeout(180)
async def test_jobs_and_services_before_their_servers(tmp_path: Path) -> None:
    ports, secrets = free_ports_for(well_known_ports()), keys.make()
    table = {process.name: process for process in processes.PROCESSES}
    postgres = PostgresServer(
        tmp_path / "postgres", ports["postgres"], secrets.superuser, tmp_path / "log", system_parent=folders.short_lived(), durable=False
    )
    nats = NatsServer(tmp_path / "nats", ports["nats"], dict(secrets.broker), tmp_path / "nats.log")

    async def start(name: str) -> Process:
        settings = environment(table[name], ports, secrets, tmp_path, os.environ)
        return await asyncio.create_subprocess_exec(
            sys.executable, *table[name].arguments(), cwd=ROOT, env=settings, stdout=PIPE, stderr=PIPE
        )

    async with AsyncExitStack() as stack:
        services = [await start(name) for name in SERVICES]
        jobs = [await start(name) for name in JOBS]
        for process in (*services, *jobs):
            stack.push_async_callback(ended, process)
        await until_all_answer(503, ports)
        assert [await status(health_port(ports, name), "healthz") for name in SERVICES] == [200, 200], (
            "no dependency is a reason to restart"
        )
        assert [process.returncode for process in (*jobs, *services)] == [None] * 6
        stack.callback(folders.remove, tmp_path / "postgres")
        for server in (postgres, nats):
            stack.push_async_callback(server.stop)
            await server.start()
        await asyncio.gather(*(job.wait() for job in jobs[2:]))
        assert [process.returncode for process in jobs] == [None, None, 0, 0], "roles and database are still missing"
        await databases.create_roles(postgres.admin_url, secrets.databases)
        await databases.create_database(postgres.admin_url, "members")
        said = [await asyncio.wait_for(job.communicate(), 60) for job in jobs]
        assert [(job.returncode, err) for job, (_, err) in zip(jobs, said, strict=True)] == [(0, b"")] * 4
        await until_all_answer(200, ports)


async def until_all_answer(expected: int, ports: Ports) -> None:
    async with asyncio.timeout(60):
        while {await status(health_port(ports, name)) for name in SERVICES} != {expected}:
            await asyncio.sleep(0.1)


async def status(port: int, route: str = "readyz") -> int:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/{route}")).status_code
        except httpx.TransportError:
            return 0


async def ended(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.communicate()


async def test_a_job_says_in_one_sentence_why_it_gave_up() -> None:
    secret = "hunter-2"
    settings = {
        "DATABASE_URL": f"postgresql://members_owner:{secret}@127.0.0.1:{free_port()}/members",
        "NATS_URL": f"nats://127.0.0.1:{free_port()}",
        "NATS_USER": "provisioner",
        "NATS_PASSWORD": secret,
        "MADRINA_ENV": "local",
        "WAIT_SECONDS": "1",
        "PATH": os.environ["PATH"],
    }
    for arguments, sentence in (
        (["services.members", "migrate"], "members is not migrated: the database doesn't answer, or takes no changes, for 1 s\n"),
        (
            ["shared.process.provision"],
            f"Streams are not provisioned: the broker at {settings['NATS_URL']} did not answer user provisioner",
        ),
    ):
        job = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, cwd=ROOT, env=settings, stdout=PIPE, stderr=PIPE)
        out, err = await asyncio.wait_for(job.communicate(), 60)
        assert job.returncode == 1
        assert err.decode().startswith(sentence)
        assert secret.encode() not in out + err
