"""The letter that says that a woman is no longer here: to whom it may go, and how little it says."""

import pytest

from services.notify.letters.farewell.letter import farewell
from services.notify.queue.domain import Letter
from tests.notify import world
from tests.notify.world import ANA, INES, MARTA, SENDER


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"erased": [INES]}, "erased"),
        ({"erased": [ANA]}, "erased"),
        ({"blocks": [(ANA, INES)]}, "blocked"),
        ({"blocks": [(INES, ANA)]}, "blocked"),
        ({"blocks": [(MARTA, ANA)]}, ""),
    ],
)
def test_it_goes_to_nobody_who_blocks_her_or_is_blocked_nor_names_one_who_is_erased(known: dict[str, list[object]], reason: str) -> None:
    here = [one for one in (ANA, INES, MARTA) if one not in known.get("erased", [])]
    [decision] = farewell(world.removal_told(), world.knowing(*here, **known), SENDER)  # type: ignore[arg-type]
    if reason:
        assert not isinstance(decision, Letter)
        assert decision.reason == reason
    else:
        assert isinstance(decision, Letter)
        assert decision.about_ids == (), "she is suspended, which mustn't stop it"
