"""`make demo`: one introduction, end to end, with its timeline, both letters and the voucher's ledger; or SHOW=safety."""

import asyncio
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from deploy.local import keys
from deploy.local.children import DidNotStart
from deploy.local.client import PATIENCE_SECONDS, Member, Site, Unexpected
from deploy.local.community.allowed import OPEN
from deploy.local.demo_safety import protect
from deploy.local.environment import web_url, well_known_ports
from deploy.local.ground import Ground
from deploy.local.home import clock_file, data_folder, running
from deploy.local.postgres import url
from deploy.local.stack import EVERYTHING, Stack
from deploy.local.timeline import Timeline
from deploy.processes import DATABASES
from shared.contracts.http import reputation
from shared.contracts.http.requests import connections, introductions, reach
from shared.telemetry import logs

WITHOUT_PAGES = tuple(name for name in EVERYTHING if name != "web")
_PROFILE = {"place": "Valencia", "languages": ["en", "es"], "time_zone": "Europe/Madrid", "visibility": "members"}
SHOWS = ("introduction", "safety")


async def main(show: str) -> None:
    """Run it against the stack that runs, or against one of its own. Raises Unexpected, DidNotStart or TimeoutError."""
    logs.configure("local", "demo", "WARNING")
    async with AsyncExitStack() as stack:
        if found := running(data_folder()):
            print(f"On the stack that runs at http://localhost:{found.base_port}\n")
            data, ports, secrets = data_folder(), well_known_ports(found.base_port), keys.load_or_make(data_folder() / "secrets")
        else:
            print("No stack runs here; starting one of its own, without the community.")
            began = time.perf_counter()
            own = await stack.enter_async_context(Stack.temporary(processes=WITHOUT_PAGES))
            data, ports, secrets = own.data, own.ports, own.secrets
            print(f"It is ready after {time.perf_counter() - began:.1f} s.\n")
        site = await stack.enter_async_context(Site(ports, secrets.web_key))
        if show == "safety":
            urls = {service: url(ports["postgres"], service, secrets.databases[service], service) for service in DATABASES}
            await protect(Ground(site, urls, clock_file(data), web_url(ports)))
        else:
            await introduce(site)


def chosen(arguments: Sequence[str]) -> str:
    """Which of the demos, as the command line says. Raises SystemExit."""
    if len(arguments) > 1 or not set(arguments) <= set(SHOWS):
        sys.stderr.write(f"usage: make demo SHOW={'|'.join(SHOWS)}\n")
        raise SystemExit(64)
    return arguments[0] if arguments else SHOWS[0]


async def introduce(site: Site) -> None:
    """Three women join, one asks, one vouches, one confirms; both sides say how it went."""
    timeline = Timeline()
    asker, voucher, counterpart = await _join(site, timeline)
    await _connect(timeline, asker, voucher, "the reading group at the harbour library")
    await _connect(timeline, counterpart, voucher, "three years in the same studio in Ruzafa")
    before = await voucher.read("reputation", reputation.LEDGER)
    introduction = await _ask_and_vouch(timeline, asker, voucher, counterpart)
    letters = await _confirm(timeline, introduction, asker, counterpart)
    after = await _say_how_it_went(timeline, introduction, voucher, (asker, counterpart))
    _show_letters(letters)
    _show_ledger(before, after)


async def _join(site: Site, timeline: Timeline) -> list[Member]:
    tag = secrets.token_hex(3)
    women = (
        ("nora", "Nora Vidal", "Marine biologist, seagrass meadows", "en"),
        ("teresa", "Teresa Campos", "Illustrator of field guides", "en"),
        ("julia", "Julia Soler", "Editora de libros de naturaleza", "es"),
    )

    async def join(key: str, name: str, headline: str, language: str) -> Member:
        member = await site.sign_in(f"{key}.{tag}@madrina.test", language)
        profile = {**_PROFILE, "name": name, "headline": headline, "organisation": "", "language": language}
        await member.set_profile(profile)
        await member.send("requests", reach.SET_REACH, OPEN)
        timeline.note(f"{name} joined, with the code from her letter")
        return member

    return list(await asyncio.gather(*(join(*woman) for woman in women)))


async def _connect(timeline: Timeline, requester: Member, recipient: Member, where: str) -> None:
    body = {
        "recipient_id": recipient.id,
        "how_met": "work",
        "where_we_met": f"We know each other from {where}",
        "why_now": "You asked me for the drawings of the bay, and I still have your pencils. Shall we look at both again?",
        "closeness": "worked_together",
    }
    request_id = await requester.send("requests", connections.ASK, body, patient=True)
    await recipient.send("requests", connections.ACCEPT, {"closeness": "worked_together"}, request_id=request_id)
    timeline.note(f"{requester.email.split('.')[0].title()} asked {recipient.email.split('.')[0].title()} to connect, who accepted")


async def _ask_and_vouch(timeline: Timeline, asker: Member, voucher: Member, counterpart: Member) -> str:
    why_her = "I have eleven years of drawings and notes of one bay, and Julia makes the only books that would do them justice."
    ask = {"voucher_id": voucher.id, "counterpart_id": counterpart.id, "why_her": why_her}
    introduction: str = await asker.send("requests", introductions.ASK, ask, patient=True)
    timeline.note("Nora asked Teresa to introduce her to Julia")
    words = {
        asker.id: "Julia edits the way you dive: slowly, and without disturbing anything. Bring her the notebooks, not the summary.",
        counterpart.id: "Nora conoce una bahía como otras conocen su casa, y escribe igual que habla. Creo que ahí tienes un libro.",
    }
    await voucher.send("requests", introductions.VOUCH, {"words_for": words, "show_why_her": True}, introduction_id=introduction)
    timeline.note("Teresa vouched, with words for each of them")
    return introduction


async def _confirm(timeline: Timeline, introduction: str, asker: Member, counterpart: Member) -> list[dict[str, Any]]:
    counts = {side.email: len(await side.site.letters(side.email)) for side in (asker, counterpart)}
    await counterpart.send("requests", introductions.CONFIRM, introduction_id=introduction)
    timeline.note("Julia confirmed; asking had been Nora's own yes, so the introduction is confirmed")

    async def letter(to: Member, other: Member) -> dict[str, Any]:
        found = await to.site.wait_for_letter(to.email, after=counts[to.email], containing=other.email)
        timeline.note(f"The introduction letter reached {to.email}")
        return found

    return list(await asyncio.gather(letter(asker, counterpart), letter(counterpart, asker)))


async def _say_how_it_went(timeline: Timeline, introduction: str, voucher: Member, sides: tuple[Member, Member]) -> Any:
    for side in sides:
        body = {"answer": "worthwhile", "thank_you": "Thank you for thinking of us."}
        await side.send("requests", introductions.SAY_OUTCOME, body, introduction_id=introduction)
    timeline.note("Both found it worthwhile")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        vouches = (await voucher.read("reputation", reputation.VOUCHES))["items"]
        if any(vouch["introduction_id"] == introduction and vouch["went_well_at"] for vouch in vouches):
            timeline.note("Teresa sees that it went well; what the two say counts once they have been here for three months")
            return {**await voucher.read("reputation", reputation.LEDGER), "vouches": vouches}
        await asyncio.sleep(0.05)
    raise Unexpected("the voucher was not told that it went well")


def _show_letters(letters: list[dict[str, Any]]) -> None:
    for letter in letters:
        print(f"\n{'-' * 100}\nTo: {letter['to']}\nSubject: {letter['subject']}\n\n{letter['text'].rstrip()}")


def _show_ledger(before: Any, after: Any) -> None:
    print(f"\n{'-' * 100}\nTeresa's ledger: {before['score']:.2f} before, {after['score']:.2f} after; band: {after['band'] or 'none yet'}")
    for line in after["lines"]:
        if line["points"]:
            print(f"  {line['points']:+8.2f}  {line['kind']}")
    for vouch in after["vouches"]:
        names = " and ".join(side["name"] for side in vouch["sides"])
        print(f"  she introduced {names}: {'it went well' if vouch['went_well_at'] else 'given'}")


if __name__ == "__main__":
    try:
        asyncio.run(main(chosen(sys.argv[1:])))
    except (Unexpected, DidNotStart, TimeoutError) as failure:
        sys.stderr.write(f"\nThe demo did not come to its end: {failure}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
