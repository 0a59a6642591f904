"""`make demo SHOW=safety`: a report up to the answer to its appeal, a block, an export, and leaving with second thoughts and without.

Each with its times, the events that services told for it and the letters that followed. The women are made for it, and stay.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from deploy.local.client import Member, Unexpected, until
from deploy.local.ground import WOMEN, Ground
from deploy.local.moderator import case_about, decide
from shared import clock
from shared.contracts.events.members import MemberErased
from shared.contracts.http.base import QueryRoute
from shared.contracts.http.members import erasure, export, moderation, profiles, safety
from shared.contracts.http.members.signing_in import Audience
from shared.contracts.http.requests import connections

GRACE_DAYS = 7
LAST_LETTER = {"members.outbox"}
_REASONS = "We read what you wrote to two women in March. Both had asked you to stop, and you went on."
_APPEAL = "I was in hospital all of March, and somebody else had my telephone."
_NO_LONGER = "What you showed us says that it wasn't you. Nothing holds against you."


async def protect(ground: Ground) -> None:
    """All of it, one after the other."""
    tag = secrets.token_hex(3)
    await asyncio.gather(*(ground.join(key, tag) for key in WOMEN))
    for key in ("mora", "mina"):
        await ground.appoint(key)
    await ground.did("Rosa, Berta, Mora and Mina joined; Mora and Mina are moderators, signed in with a passkey")
    await _report(ground)
    await _block(ground)
    await _export(ground)
    await _leave_and_stay(ground)
    await _leave(ground)


async def _report(ground: Ground) -> None:
    ground.begin("A report, from her page to the answer to an appeal")
    rosa, berta = ground.women["rosa"], ground.women["berta"]
    page = await rosa.read("members", profiles.PROFILE, member_id=berta.id)
    told = {
        "kind": "harassment",
        "what_happened": "She wrote to me seven times after I had said no.",
        "attached": [{"what": "profile", "text": f"{page['name']} · {page['headline']}"}],
    }
    await rosa.send("members", safety.REPORT, told, member_id=berta.id)
    await ground.did("Rosa reported Berta, and attached what her page says")
    await _decide(ground, "mora", {"kind": "suspend", "rule": "respect", "reasons": _REASONS})
    await ground.did("Mora took the case and suspended Berta, with her reasons")
    await ground.letter("berta", "moderators have written")
    await until(lambda: _absent(rosa, "requests", connections.MEMBER, berta))
    ground.timeline.note("For Rosa there is no Berta any more")
    berta = await ground.again("berta")
    [notice] = (await berta.read("members", moderation.NOTICES))["items"]
    await berta.send("members", moderation.ACKNOWLEDGE, notice_id=notice["id"])
    await ground.did("Berta signed in, read the reasons and acknowledged them")
    await berta.send("members", moderation.APPEAL, {"appeal": _APPEAL}, notice_id=notice["id"])
    await ground.did("Berta appealed; for Mora, who decided, the case is closed")
    await _decide(ground, "mina", {"kind": "dismiss", "rule": "respect", "reasons": _NO_LONGER})
    await ground.did("Mina, the other moderator, lifted it")
    await ground.letter("berta", "moderators have written")
    report, *_ = (await rosa.read("members", safety.MY_REPORTS))["items"]
    ground.timeline.note(f"Rosa reads that her report is {report['state']}, and nothing of what became of it")


async def _decide(ground: Ground, key: str, decision: dict[str, Any]) -> None:
    moderator = ground.women[key]
    await decide(moderator, await case_about(moderator, ground.women["berta"].id), decision)


async def _block(ground: Ground) -> None:
    ground.begin("A block, and how long it takes to be so everywhere")
    rosa, berta = ground.women["rosa"], ground.women["berta"]
    await until(lambda: _present(berta, "requests", connections.MEMBER, rosa))
    await rosa.send("members", safety.BLOCK, member_id=berta.id)
    began = time.perf_counter()

    async def stopped() -> bool:
        pair = UUID(rosa.id), UUID(berta.id)
        return bool(await ground.rows("notify", "select from blocks where active and blocker_id = $1 and blocked_id = $2", *pair))

    async def after(name: str, true: Callable[[], Awaitable[bool]]) -> str:
        await until(true, every=0.002)
        return f"    {name} after {(time.perf_counter() - began) * 1000:,.0f} ms"

    took = await asyncio.gather(
        after("members: Rosa isn't there for Berta", lambda: _absent(berta, "members", profiles.PROFILE, rosa)),
        after("requests: nor there", lambda: _absent(berta, "requests", connections.MEMBER, rosa)),
        after("notify: no letter leaves between them", stopped),
    )
    await ground.did("Rosa blocked Berta, who isn't told")
    for line in took:
        ground.timeline.note(line)
    ground.timeline.note("    reputation keeps no pairs, and so hears of none")


async def _export(ground: Ground) -> None:
    ground.begin("Her data")
    rosa = ground.women["rosa"]
    made = await rosa.send("members", export.ASK_EXPORT)
    await ground.did("Rosa asked for her data")
    await ground.letter("rosa", "Your data is ready")
    document = await rosa.read("members", export.EXPORT, export_id=made)
    size = len(json.dumps(document, ensure_ascii=False).encode())
    ground.timeline.note(f"Rosa took it: {size:,} bytes of JSON")
    for service, sections in document["services"].items():
        ground.timeline.note(f"    {service}: {', '.join(name for name, things in sections.items() if things) or 'nothing'}")


async def _leave_and_stay(ground: Ground) -> None:
    ground.begin("Leaving, with second thoughts")
    await _ask_to_leave(ground)
    rosa = await ground.again("rosa")
    await rosa.send("members", erasure.KEEP)
    await ground.did("Rosa signed in within her seven days, and stays")
    await ground.letter("rosa", "You keep your account")
    await until(lambda: _present(ground.women["mora"], "requests", connections.MEMBER, rosa))
    ground.timeline.note("She is there again for everyone")


async def _leave(ground: Ground) -> None:
    ground.begin("Leaving for good")
    await _ask_to_leave(ground)
    rosa = ground.women["rosa"]
    at = clock.travel(ground.clock_file, GRACE_DAYS)
    ground.timeline.note(f"Seven days pass: the local clock travels to {at:%d %B %Y}")

    async def erased() -> bool:
        return bool(
            await ground.rows("members", "select from outbox where type = $1 and aggregate_id = $2", MemberErased.type, UUID(rosa.id))
        )

    await until(erased)
    await ground.did("Her account is gone")
    await ground.letter("rosa", "Your account has ended")

    async def swept() -> bool:
        return await ground.traces(rosa.email) <= LAST_LETTER

    await until(swept)
    ground.timeline.note("Her address stands in no table of any service, but for the event of that letter, which keeps it for a day")
    ground.timeline.note(
        f"Her id, which says nothing by itself, stands as a tombstone in {', '.join(sorted(await ground.traces(rosa.id)))}"
    )


async def _ask_to_leave(ground: Ground) -> None:
    rosa = await ground.again("rosa")
    await rosa.send("members", erasure.LEAVE, {"language": "en"})
    await ground.did("Rosa asked to leave, having just shown a code; all her sessions end")
    await ground.letter("rosa", "Your account ends")
    await until(lambda: _absent(ground.women["mora"], "requests", connections.MEMBER, rosa))
    ground.timeline.note("She is absent for everyone, and has seven days to come back")


async def _absent(reader: Member, service: Audience, route: QueryRoute[Any], her: Member) -> bool:
    try:
        await reader.read(service, route, member_id=her.id)
    except Unexpected as answer:
        if " answered 404:" not in str(answer):
            raise
        return True
    return False


async def _present(reader: Member, service: Audience, route: QueryRoute[Any], her: Member) -> bool:
    return not await _absent(reader, service, route, her)
