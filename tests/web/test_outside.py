"""What the web does for a member tells nobody which answer she gave: not its numbers, its lines, or the number of calls it makes."""

from typing import Any

from shared.http.follow import ABOUT_ONE
from tests.observed import Observed, observed
from tests.web.conftest import Browser, Community
from tests.web.scenes import trio


async def seen(community: Community, browser: Browser, row: dict[str, Any], decision: str) -> tuple[Observed, list[str]]:
    """What can be observed when she sends that decision and is shown the page again, and the reads that the services are asked for."""
    path = f"/introductions/{row['id']}"
    page = await browser.get(f"{path}/withdraw" if decision.startswith("withdraw") else path)
    calls = len(community.fakes.calls)
    with observed() as found:
        assert (await browser.send(page, path, True, decision=decision)).status_code == 200
    return found, [f"{call.service} {call.method}" for call in community.fakes.calls[calls:]]


async def test_no_answer_can_be_told_from_another(community: Community) -> None:
    three = trio(community)
    proposal = three.vouched() | {"asker": None, "why_her": None, "origin": "proposed", "said": {}}
    community.world.introductions[proposal["id"]] = proposal
    cases = [
        (three.counterpart, proposal, "confirm"),
        (three.counterpart, three.vouched(), "pass"),
        (three.voucher, three.introduction(), "decline"),
        (three.voucher, three.vouched(), "withdraw_vouch"),
        (three.asker, three.introduction(), "withdraw"),
    ]
    first, *others = [await seen(community, *case) for case in cases]
    assert any(ABOUT_ONE in name for name in first[0].numbers)
    for (_, _, decision), other in zip(cases[1:], others, strict=True):
        assert other == first, decision
