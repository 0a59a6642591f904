"""`make run`: the whole of Madrina on this machine."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from deploy.local import community as demo
from deploy.local import keys, ports
from deploy.local.children import DidNotStart
from deploy.local.console import Console
from deploy.local.environment import BASE_PORT, Ports, well_known_ports
from deploy.local.home import AlreadyRunning, Home, data_folder, running
from deploy.local.readiness import Pending
from deploy.local.stack import Stack
from deploy.local.supervisor import Supervisor
from shared.telemetry import logs


class Refused(Exception):
    """It can't start; the text says why and what to do."""


def main() -> int:
    """Parse the command line and run until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="delete the data first")
    parser.add_argument("--without-community", action="store_true", help="don't fill the demo community")
    options = parser.parse_args()
    try:
        base = int(os.environ.get("MADRINA_PORT") or BASE_PORT)
        asyncio.run(run(data_folder(), base, fresh=options.fresh, community=not options.without_community))
    except (Refused, DidNotStart, demo.Unfinished, TimeoutError, ValueError) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(f"\nMadrina may not use {error.filename}: it belongs to another user, who ran it before (root?).\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def run(folder: Path, base: int, *, fresh: bool, community: bool) -> None:
    """Start the stack in `folder` and keep it until SIGINT or SIGTERM. Raises Refused, DidNotStart or TimeoutError."""
    stop = _asked_to_stop()
    home = Home(folder)
    try:
        home.hold(base)
    except AlreadyRunning as error:
        raise Refused(_already(folder)) from error
    console = Console(folder / "logs")
    try:
        await _hold(home, base, console, stop, fresh=fresh, community=community)
    finally:
        console.close()
        home.release()


async def _hold(home: Home, base: int, console: Console, stop: asyncio.Event, *, fresh: bool, community: bool) -> None:
    if left := home.end_leftovers():
        console.say(f"An earlier run was killed; ended what it left: {', '.join(left)}")
    if fresh:
        console.say(f"Deleting the data in {home.folder}")
        console.close()
        home.clear()
    chosen = well_known_ports(base)
    _all_free(chosen)
    logs.configure("local", "supervisor", "WARNING")
    stack = Stack(home.folder, chosen, keys.load_or_make(home.folder / "secrets"), sink=console.sink)
    watching = asyncio.create_task(Supervisor(stack, console, home.remember).watch())
    try:
        await _until(stop, _up(stack, console, community=community))
        await stop.wait()
    finally:
        console.progress("")
        console.say("Stopping")
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await stack.stop()
        home.remember({})


async def _up(stack: Stack, console: Console, *, community: bool) -> None:
    console.quiet = True
    await stack.start(on_step=console.progress, on_pending=lambda pending: console.progress(_pending(pending)))
    console.progress("")
    console.say("All services are ready.")
    if community:
        await demo.fill_once(stack, console.progress)
    console.progress("")
    console.quiet = False
    _welcome(stack, console, demo.SIGN_IN_AS if community else ())


async def _until(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Do the work, or drop it when asked to stop."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        await task
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _asked_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _all_free(chosen: Ports) -> None:
    taken = {name: port for name, port in chosen.items() if not ports.is_free(port)}
    if taken:
        lines = [f"  {port} (for {name}) is taken by {ports.describe_holder(port)}" for name, port in taken.items()]
        advice = "Stop it, or choose other ports: make run MADRINA_PORT=9700"
        raise Refused("\n".join(["Madrina can't start, because these ports are taken:", *lines, advice]))


def _already(folder: Path) -> str:
    other = running(folder)
    where = f" as process {other.pid}, at http://localhost:{other.base_port}" if other else ""
    return f"Madrina already runs on {folder}{where}. Stop it there with Ctrl-C; if it is stopping already, wait a moment."


def _pending(pending: Pending) -> str:
    total = ", ".join(f"{name} ({why})" if why != "starting" else name for name, why in pending.items())
    return f"waiting for {len(pending)}: {total}" if pending else ""


def _welcome(stack: Stack, console: Console, sign_in_as: Sequence[tuple[str, str]]) -> None:
    console.say("")
    console.say(f"  Madrina      {stack.url('web')}")
    console.say(f"  The mailbox  http://localhost:{stack.ports['mailbox']}   (every letter, and the codes to sign in with)")
    for number, (email, who) in enumerate(sign_in_as):
        console.say(f"  {'' if number else 'Sign in as':<12} {email:<21} {who}")
    console.say("  Ctrl-C stops everything; the data stays. `make travel DAYS=21` moves the clock.")
    console.say("")


if __name__ == "__main__":
    raise SystemExit(main())
