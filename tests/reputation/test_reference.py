"""Her reference record: how the women she vouched for fared, for her alone."""

from datetime import timedelta

import pytest

from shared import clock
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres.database import Pool
from tests.reputation.conftest import Hear, Read, snapshot
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, erased, revealed, upheld, vouched

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("known")]
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
NOBODY = {"vouched_for": 0, "went_well": 0, "trusted": 0, "reported": 0}


async def test_it_says_how_the_women_she_vouched_for_fared(pool: Pool, hear: Hear, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)
    assert await read(ANA, "/v1/me/reference") == NOBODY
    await hear(vouched(ANA, (CARLA, DINA), number=2, days=-30), vouched(ANA, (EVA, FLOR), number=9, days=-1))
    await hear(*(confirmed(ANA, sides, number=number) for number, sides in enumerate([(BEA, CARLA), (BEA, DINA), (CARLA, DINA)], 1)))
    await hear(revealed(ANA, (BEA, CARLA), WELL), revealed(ANA, (BEA, DINA), ["worthwhile", "not_as_described"], number=2))
    await hear(revealed(BEA, (EVA, FLOR), WELL, number=5), upheld(DINA, days=-0.5))
    told = {"vouched_for": 3, "went_well": 2, "trusted": 0, "reported": 0}
    assert await read(ANA, "/v1/me/reference") == told, "bands and reports show by the snapshot"
    score = (await read(ANA, "/v1/me/ledger"))["score"]
    await snapshot(pool, T)
    assert await read(ANA, "/v1/me/reference") == told | {"trusted": 1, "reported": 1}
    assert (await read(ANA, "/v1/me/ledger"))["score"] != score, "what she is charged"
    await hear(erased(BEA), erased(DINA))
    await snapshot(pool, T + timedelta(days=1))
    assert await read(ANA, "/v1/me/reference") == NOBODY | {"vouched_for": 1, "went_well": 1}
    assert await read(CARLA, "/v1/me/reference") == NOBODY, "hers alone"


@pytest.mark.parametrize("answers", [["worthwhile", None], ["worthwhile", "not_as_described"], ["not_as_described", "worthwhile"]])
async def test_it_tells_of_no_introduction_which_side_was_content(hear: Hear, read: Read, answers: list[OutcomeAnswer | None]) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), answers))
    assert await read(ANA, "/v1/me/reference") == NOBODY | {"vouched_for": 2}
