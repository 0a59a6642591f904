"""One sentence for every end: who gets it, who doesn't, and that nobody can read a cause in it."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product

import pytest

from services.notify.letters.base import Known
from services.notify.letters.did_not_go_ahead.letter import Ended, connection_did_not_go_ahead, introduction_did_not_go_ahead
from services.notify.letters.kind_answer.letter import kind_answer, kind_answer_of_a_voucher
from services.notify.members import People, Recipient
from services.notify.progress import Progress
from services.notify.queue.domain import Letter
from shared.contracts.events.requests import ConnectionEnd, IntroductionEnd
from tests.notify import world
from tests.notify.world import ANA, INES, MARTA, PEOPLE, SENDER

NAMES = {ANA.profile.id: "asker", INES.profile.id: "counterpart", MARTA.profile.id: "voucher"}


NOTHING, HEARD, VOUCHED = Progress(heard=False, vouched=False, ended=False), Progress(True, False, False), Progress(True, True, False)


def known(before: Progress, blockers: AbstractSet[Recipient] = frozenset(), *, here: tuple[Recipient, ...] = (ANA, INES, MARTA)) -> Known:
    """The three, of whom each of `blockers` blocks another, and all but those who are `here` are erased."""
    blocks = {(blocker.profile.id, other.profile.id) for blocker in blockers for other in (ANA, INES, MARTA) if other is not blocker}
    erased = [member.profile.id for member in (ANA, INES, MARTA) if member not in here]
    return Known(People(here, erased=erased, blocks=blocks), before)


def told(
    reason: IntroductionEnd,
    *,
    asker: Recipient | None = ANA,
    before: Progress = VOUCHED,
    blockers: set[Recipient] | None = None,
    not_for: tuple[Recipient, ...] = (),
) -> set[str]:
    whom = tuple(member.profile.id for member in not_for)
    taken_back = reason == "vouch_withdrawn"
    event = world.vouch_withdrawn(asker=asker, not_for=whom) if taken_back else world.closed(reason, asker=asker, not_for=whom)
    found = introduction_did_not_go_ahead(event, known(before, blockers or set()), SENDER)
    assert len(found) == 3
    return {NAMES[id_] for id_ in world.letters(found)}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("declined_by_voucher", {"asker"}),
        ("withdrawn", {"voucher"}),
        ("expired", {"asker", "voucher"}),
        ("member_left", {"asker", "voucher"}),
        ("blocked", {"asker", "voucher"}),
    ],
)
def test_before_the_vouch_the_counterpart_never_hears(reason: IntroductionEnd, expected: set[str]) -> None:
    assert told(reason, before=HEARD) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("passed", {"asker", "voucher"}),
        ("withdrawn", {"voucher", "counterpart"}),
        ("vouch_withdrawn", {"asker", "counterpart"}),
        ("expired", {"asker", "voucher", "counterpart"}),
        ("member_left", {"asker", "voucher", "counterpart"}),
        ("blocked", {"asker", "voucher", "counterpart"}),
    ],
)
def test_whoever_ended_it_herself_is_not_told(reason: IntroductionEnd, expected: set[str]) -> None:
    assert told(reason) == expected


def test_whoever_blocks_ended_it_and_whoever_is_blocked_did_not() -> None:
    assert told("blocked", blockers={INES}) == {"asker", "voucher"}
    assert told("blocked", blockers={ANA, MARTA}) == {"counterpart"}
    assert told("blocked", blockers={INES}, before=HEARD) == {"asker", "voucher"}
    assert told("passed", blockers={ANA}) == {"voucher"}  # whatever ended it first, for her it is over


def test_she_for_whom_the_event_is_not_is_not_told() -> None:
    assert told("passed", asker=None, not_for=(INES,)) == {"asker", "voucher"}  # of a proposal's sides, only the event knows who
    assert told("vouch_withdrawn", not_for=(INES,)) == {"asker"}
    assert told("expired", not_for=(ANA, INES)) == {"voucher"}


def test_whom_nothing_was_told_before_is_not_told_now() -> None:
    # An ask between members who don't exist for each other looks open to the asker, and nobody else ever hears of it.
    assert told("blocked", before=NOTHING) == {"asker"}
    assert told("expired", before=NOTHING, asker=INES) == {"counterpart"}  # the asker is Inés here
    # So does a proposal of such sides to the voucher.
    assert told("blocked", before=NOTHING, asker=None) == {"voucher"}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("expired", 3), ("passed", 3), ("vouch_withdrawn", 2), ("member_left", 3), ("blocked", 3)],
)
def test_both_sides_know_of_a_proposal(reason: IntroductionEnd, expected: int) -> None:
    assert len(told(reason, asker=None)) == expected


@pytest.mark.parametrize(("before", "asker"), list(product([HEARD, VOUCHED], [ANA, INES, None])))
def test_no_reader_can_tell_another_womans_no_from_silence_by_whether_a_letter_came(before: Progress, asker: Recipient | None) -> None:
    before = before if asker else VOUCHED
    silence = told("expired", asker=asker, before=before)
    counterpart = {ANA.profile.id: INES, INES.profile.id: ANA}.get(asker.profile.id) if asker else None
    quiet: list[tuple[IntroductionEnd, set[Recipient]]] = [("member_left", set())]
    quiet += [("blocked", {blocker}) for blocker in (ANA, INES, MARTA)]
    quiet += [("passed", {counterpart})] if counterpart and before.vouched else []
    quiet += [] if before.vouched else [("declined_by_voucher", {MARTA})]
    for reason, who in quiet:
        blockers = who if reason == "blocked" else set()
        others = set(NAMES.values()) - {NAMES[member.profile.id] for member in who}
        assert told(reason, asker=asker, before=before, blockers=blockers) & others == silence & others, (reason, who)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_cause_gives_the_same_bytes_but_for_ids(language: str) -> None:
    people = world.speaking("es") if language == "es" else world.speaking("en")
    first = world.closed("expired")
    same_ids = {"aggregate_id": first.aggregate_id, "id": first.id}
    reasons: list[IntroductionEnd] = ["expired", "passed", "blocked", "member_left", "withdrawn", "declined_by_voucher"]
    events: list[Ended] = [
        *(world.closed(reason, asker=INES, **same_ids) for reason in reasons),
        world.vouch_withdrawn(asker=INES, **same_ids),
    ]
    found = [introduction_did_not_go_ahead(event, replace(people, before=VOUCHED), SENDER) for event in events]
    to_ana = [same(letter) for decisions in found for letter in decisions if is_ana(letter)]
    assert len(to_ana) == len(events) - 1  # the one who passed gets none
    assert len(set(to_ana)) == 1


def is_ana(decision: object) -> bool:
    return isinstance(decision, Letter) and decision.recipient_id == ANA.profile.id


def same(decision: object) -> bytes:
    assert isinstance(decision, Letter)
    return b"\r\n".join(line for line in decision.message.split(b"\r\n") if not line.startswith(b"Date: "))


SUBJECTS = {
    "en": {
        "asker": "Your introduction to Inés Peña did not go ahead",
        "counterpart": "Your introduction to Ana García did not go ahead",
        "voucher": "The introduction of Ana García and Inés Peña did not go ahead",
    },
    "es": {
        "asker": "La presentación entre Inés Peña y tú no siguió adelante",
        "counterpart": "La presentación entre Ana García y tú no siguió adelante",
        "voucher": "La presentación de Ana García e Inés Peña no siguió adelante",
    },
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_names_whom_she_knew_of_and_no_cause(language: str) -> None:
    people = world.speaking("es") if language == "es" else world.speaking("en")
    for reason in ("expired", "passed", "blocked", "member_left"):
        event = world.closed(reason)
        for id_, letter in world.letters(introduction_did_not_go_ahead(event, replace(people, before=VOUCHED), SENDER)).items():
            whole = letter.subject + letter.text + re.sub('style="[^"]*"', "", letter.html)
            assert letter.subject == SUBJECTS[language][NAMES[id_]]
            assert letter.subject in letter.text
            assert MARTA.profile.name not in whole
            assert not any(
                word in whole.lower() for word in ("declin", "block", "expir", "passed", "withdr", "rechaz", "bloque", "venci", "retir")
            )


def left(before: Progress, *gone: Recipient, name_kept: bool = True) -> Known:
    """Of the three, these have left; notify has kept their names, or not."""
    here = tuple(member for member in (ANA, INES, MARTA) if member not in gone)
    return known(replace(before, departed={member.profile.id: member.profile.name for member in gone if name_kept}), here=here)


def test_of_one_who_left_it_says_what_silence_would_have_said() -> None:
    silent, closed = world.closed("expired"), world.closed("member_left")
    closed = closed.model_copy(update={"aggregate_id": silent.aggregate_id, "id": silent.id})
    told_in_silence = {
        one.recipient_id: same(one) for one in introduction_did_not_go_ahead(silent, known(VOUCHED), SENDER) if isinstance(one, Letter)
    }
    for gone in (ANA, INES, MARTA):
        found = introduction_did_not_go_ahead(closed, left(VOUCHED, gone), SENDER)
        letters = {one.recipient_id: same(one) for one in found if isinstance(one, Letter)}
        assert letters == {id_: letter for id_, letter in told_in_silence.items() if id_ != gone.profile.id}


def test_without_a_name_it_names_nobody() -> None:
    found = world.letters(introduction_did_not_go_ahead(world.closed("member_left"), left(VOUCHED, INES, name_kept=False), SENDER))
    assert found[ANA.profile.id].subject == "An introduction you were part of did not go ahead"
    request = world.connection_closed("member_left")
    found = world.letters(connection_did_not_go_ahead(request, left(HEARD, INES, name_kept=False), SENDER))
    assert found[ANA.profile.id].subject == "A connection request of yours did not go ahead"
    found = world.letters(connection_did_not_go_ahead(request, left(HEARD, INES), SENDER))
    assert found[ANA.profile.id].subject == "Your request to Inés Peña did not go ahead"


def test_another_womans_block_or_departure_does_not_stop_it() -> None:
    for decision in introduction_did_not_go_ahead(world.closed("blocked"), known(VOUCHED, {INES}), SENDER):
        assert not isinstance(decision, Letter) or decision.about_ids == ()


def test_a_reader_who_left_gets_none_and_the_others_do() -> None:
    found = introduction_did_not_go_ahead(world.closed("member_left"), known(VOUCHED, here=(ANA, MARTA)), SENDER)
    assert set(world.letters(found)) == {ANA.profile.id, MARTA.profile.id}
    assert world.skips(found) == {INES.profile.id: "erased"}


def two(blockers: AbstractSet[Recipient]) -> Known:
    """Ana and Inés, of whom some block the other."""
    pairs = [(ANA.profile.id, INES.profile.id), (INES.profile.id, ANA.profile.id)]
    return Known(People([ANA, INES], blocks=[pair for pair in pairs if pair[0] in {member.profile.id for member in blockers}]))


@pytest.mark.parametrize(
    ("reason", "blockers", "expected"),
    [
        ("declined", set(), {"asker"}),
        ("expired", set(), {"asker"}),
        ("member_left", set(), {"asker"}),
        ("blocked", {INES}, {"asker"}),
        ("blocked", {ANA}, set()),
        ("withdrawn", set(), set()),
    ],
)
def test_of_a_connection_request_the_one_who_waited_hears(reason: ConnectionEnd, blockers: set[Recipient], expected: set[str]) -> None:
    found = connection_did_not_go_ahead(world.connection_closed(reason), two(blockers), SENDER)
    assert {NAMES[id_] for id_ in world.letters(found)} == expected
    assert len(found) == 2


def test_of_a_connection_request_every_cause_gives_the_same_bytes() -> None:
    first = world.connection_closed("expired")
    causes: list[ConnectionEnd] = ["expired", "declined", "blocked", "member_left"]
    events = [world.connection_closed(cause, aggregate_id=first.aggregate_id, id=first.id) for cause in causes]
    found = {same(connection_did_not_go_ahead(event, PEOPLE, SENDER)[0]) for event in events}
    assert len(found) == 1


def test_she_who_was_told_in_a_kind_sentence_is_not_told_again_without_it() -> None:
    told = world.connection_closed("declined", kind_answer="read_it")
    assert world.skips(connection_did_not_go_ahead(told, PEOPLE, SENDER))[ANA.profile.id] == "told_kindly"
    assert set(world.letters(kind_answer(told, PEOPLE, SENDER))) == {ANA.profile.id}
    quiet = kind_answer(world.connection_closed("declined"), PEOPLE, SENDER)
    assert world.skips(quiet) == {ANA.profile.id: "no_kind_answer"}


def test_a_voucher_who_says_no_in_a_kind_sentence_is_heard_by_the_asker_alone() -> None:
    known = replace(PEOPLE, before=Progress(heard=True))
    told = world.closed("declined_by_voucher", kind_answer="read_it", not_for=(MARTA.profile.id,))
    assert set(world.letters(kind_answer_of_a_voucher(told, known, SENDER))) == {ANA.profile.id}
    skipped = {ANA.profile.id: "told_kindly", INES.profile.id: "never_knew", MARTA.profile.id: "not_for_her"}
    assert world.skips(introduction_did_not_go_ahead(told, known, SENDER)) == skipped
    quiet = kind_answer_of_a_voucher(world.closed("declined_by_voucher"), known, SENDER)
    assert world.skips(quiet) == {ANA.profile.id: "no_kind_answer"}
    gone = world.closed("declined_by_voucher", kind_answer="read_it", not_for=(ANA.profile.id,))
    assert kind_answer_of_a_voucher(gone, known, SENDER) == [], "for her there is no such introduction any more"
