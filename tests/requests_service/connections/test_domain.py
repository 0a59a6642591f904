"""A connection request's moves, one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.requests.connections.domain import answering, ending
from services.requests.connections.domain.asking import ask
from services.requests.connections.domain.connection_request import ConnectionRequest, RequestWords
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.pair import REST, Pair
from services.requests.connections.views import member_view, request_view, shown_state
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, ConnectionRequested
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connection_problems import (
    AlreadyConnected,
    CannotAccept,
    OnlyTheRecipient,
    OnlyTheRequester,
    RequestClosed,
)
from tests.requests_service.connections.examples import ANA, AT, BEA, WORDS, asked

LATER = AT + timedelta(days=1)
CARDS = {ANA: Card(id=ANA, name="Ana", headline=""), BEA: Card(id=BEA, name="Bea", headline="")}
TICK = timedelta(microseconds=1)


def closed(request: ConnectionRequest, at: datetime) -> list[tuple[str, datetime]]:
    _, events = ending.announce(request, at)
    return [(event.reason, event.shown_at) for event in events if isinstance(event, ConnectionClosed)]


@pytest.mark.parametrize(
    ("asked_at", "end"),
    [
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 4, 1, 10, tzinfo=UTC)),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), datetime(2026, 4, 1, 9, tzinfo=UTC)),
        (datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC), datetime(2026, 4, 1, 10, tzinfo=UTC)),
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), datetime(2026, 4, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_request_ends_on_the_first_full_hour_after_30_days(asked_at: datetime, end: datetime) -> None:
    assert ask(uuid4(), ANA, BEA, WORDS, asked_at)[0].expires_at == end


def test_asking_tells_both_ids_the_words_and_the_end() -> None:
    request, events = ask(asked().id, ANA, BEA, WORDS, AT)
    (event,) = events
    assert isinstance(event, ConnectionRequested)
    assert (event.requester_id, event.recipient_id, event.where_we_met, event.why_now) == (ANA, BEA, WORDS.where_we_met, WORDS.why_now)
    assert event.expires_at == request.expires_at
    assert request.open_at(AT)


def test_accepting_connects_both_each_with_her_own_closeness() -> None:
    request, events = answering.accept(asked(), BEA, "worked_together", LATER)
    assert [type(event) for event in events] == [ConnectionAccepted]
    anas, beas = request.sides()
    assert (anas.member_id, anas.other_id, anas.closeness) == (ANA, BEA, "met")
    assert (beas.member_id, beas.other_id, beas.closeness) == (BEA, ANA, "worked_together")
    assert {anas.where_we_met, beas.where_we_met} == {WORDS.where_we_met}
    assert {anas.since, beas.since} == {LATER}


def test_accepting_twice_is_one_yes() -> None:
    once, _ = answering.accept(asked(), BEA, "met", LATER)
    assert answering.accept(once, BEA, "know_well", LATER + timedelta(days=400)) == (once, [])


def test_only_the_recipient_answers_and_only_the_requester_withdraws() -> None:
    with pytest.raises(OnlyTheRecipient):
        answering.accept(asked(), ANA, "met", LATER)
    with pytest.raises(OnlyTheRecipient):
        answering.decline(asked(), ANA, LATER)
    with pytest.raises(OnlyTheRequester):
        ending.withdraw(asked(), BEA, LATER)


def test_nothing_can_be_done_from_the_end_on() -> None:
    request = asked()
    assert answering.accept(request, BEA, "met", request.expires_at - TICK)[0].state == "accepted"
    acts: list[Callable[[datetime], object]] = [
        lambda at: answering.accept(request, BEA, "met", at),
        lambda at: answering.decline(request, BEA, at),
        lambda at: ending.withdraw(request, ANA, at),
    ]
    for act in acts:
        with pytest.raises(RequestClosed):
            act(request.expires_at)
    assert Pair(from_her=request).crossing(request.expires_at) is None


def test_an_accepted_request_can_be_neither_declined_nor_withdrawn() -> None:
    request, _ = answering.accept(asked(), BEA, "met", LATER)
    with pytest.raises(AlreadyConnected):
        answering.decline(request, BEA, LATER)
    with pytest.raises(AlreadyConnected):
        ending.withdraw(request, ANA, LATER)


def test_a_suspended_member_cannot_be_connected() -> None:
    with pytest.raises(CannotAccept):
        answering.accept(asked(), BEA, "met", LATER, suspended=True)


def test_a_decline_tells_nobody_before_the_end_that_silence_would_have_had() -> None:
    request, events = answering.decline(asked(), BEA, LATER)
    assert events == []
    assert closed(request, request.expires_at - TICK) == []
    assert closed(request, request.expires_at) == [("declined", request.expires_at)]
    assert closed(asked(), request.expires_at) == [("expired", request.expires_at)]


def test_to_the_requester_a_decline_looks_pending_until_then_and_to_the_recipient_closed() -> None:
    request, _ = answering.decline(asked(), BEA, LATER)
    assert shown_state(request, ANA, request.expires_at - TICK) == "pending"
    assert shown_state(request, ANA, request.expires_at) == "closed"
    assert shown_state(request, BEA, LATER) == "closed"


def test_to_the_requester_a_declined_request_reads_in_full_like_an_unanswered_one() -> None:
    silent = asked()
    declined, _ = answering.decline(silent, BEA, LATER)
    for at in (LATER, silent.expires_at - TICK, silent.expires_at, silent.expires_at + REST):
        assert request_view(declined, ANA, CARDS, at) == request_view(silent, ANA, CARDS, at)
        said, unsaid = (member_view(CARDS[BEA], Pair(from_me=one), Sent(), at) for one in (declined, silent))
        assert said == unsaid


def test_a_declined_request_can_be_withdrawn_like_an_open_one() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    at = LATER + timedelta(days=2)
    after, events = ending.withdraw(declined, ANA, at)
    assert (after.state, after.shown_at) == ("withdrawn", at)
    assert [(event.reason, event.shown_at) for event in events if isinstance(event, ConnectionClosed)] == [("withdrawn", at)]
    with pytest.raises(RequestClosed):
        ending.withdraw(declined, ANA, declined.expires_at)


def test_withdrawing_shows_at_once_and_twice_is_once() -> None:
    after, events = ending.withdraw(asked(), ANA, LATER)
    assert len(events) == 1
    assert shown_state(after, BEA, LATER) == shown_state(after, ANA, LATER) == "withdrawn"
    assert ending.withdraw(after, ANA, LATER + timedelta(days=50)) == (after, [])
    assert closed(after, after.expires_at) == []


def test_each_end_is_told_once() -> None:
    request = asked()
    told, events = ending.announce(request, request.expires_at)
    assert told.state == "expired" and len(events) == 1
    assert ending.announce(told, request.expires_at + REST) == (told, [])


def test_an_accepted_request_never_closes() -> None:
    request, _ = answering.accept(asked(), BEA, "met", LATER)
    assert closed(request, request.expires_at + REST) == []


def test_declining_twice_is_one_no() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    assert answering.decline(declined, BEA, LATER + timedelta(days=1)) == (declined, [])


def test_a_no_can_be_taken_back_until_its_end_shows() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    accepted, events = answering.accept(declined, BEA, "met", declined.shown_at - TICK)
    assert (accepted.state, [type(event) for event in events]) == ("accepted", [ConnectionAccepted])
    with pytest.raises(RequestClosed):
        answering.accept(declined, BEA, "met", declined.shown_at)
    for by in (ANA, BEA):
        with pytest.raises(RequestClosed):
            answering.accept(ending.end_hidden(declined, "blocked", by, LATER), BEA, "met", LATER)
    with pytest.raises(RequestClosed):
        answering.accept(ending.withdraw(declined, ANA, LATER)[0], BEA, "met", LATER)


def test_a_block_by_the_recipient_or_her_leaving_ends_it_quietly() -> None:
    for cause in ("blocked", "member_left"):
        request = ending.end_hidden(asked(), cause, BEA, LATER)
        assert shown_state(request, ANA, LATER) == "pending"
        assert closed(request, request.expires_at - TICK) == []
        assert closed(request, request.expires_at) == [(cause, request.expires_at)]


def test_a_block_by_the_requester_ends_her_own_request_at_once() -> None:
    request = ending.end_hidden(asked(), "blocked", ANA, LATER)
    assert shown_state(request, ANA, LATER) == "closed"
    assert closed(request, LATER) == [("blocked", LATER)]


def test_to_her_who_blocks_a_declined_request_of_hers_ends_as_an_open_one_does() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    for request in (asked(), declined):
        ended = ending.end_hidden(request, "blocked", ANA, LATER)
        assert (shown_state(ended, ANA, LATER), closed(ended, LATER)) == ("closed", [("blocked", LATER)])


def test_a_block_changes_nothing_that_has_ended() -> None:
    accepted, _ = answering.accept(asked(), BEA, "met", LATER)
    withdrawn, _ = ending.withdraw(asked(), ANA, LATER)
    for ended in (accepted, withdrawn):
        assert ending.end_hidden(ended, "blocked", ANA, LATER) == ended
    late = asked()
    assert ending.end_hidden(late, "blocked", BEA, late.expires_at) == late


def test_asking_in_turn_is_a_yes_with_words_of_her_own() -> None:
    hers = RequestWords(
        "work", "We shared an office in the old port", "You were right about the archive, and I have a question.", "know_well"
    )
    crossing = Pair(from_her=asked()).crossing(LATER)
    assert crossing is not None
    request, events = answering.accepted(crossing, hers.closeness, LATER)
    assert [type(event) for event in events] == [ConnectionAccepted]
    anas, beas = request.sides(hers)
    assert (anas.closeness, anas.where_we_met) == ("met", WORDS.where_we_met)
    assert (beas.closeness, beas.where_we_met) == ("know_well", hers.where_we_met)


def test_asking_in_turn_takes_back_a_quiet_no() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    pair = Pair(from_her=declined)
    assert pair.may_ask(LATER) and pair.crossing(LATER) == declined
    assert pair.crossing(declined.expires_at) is None
    assert answering.accepted(declined, "met", LATER)[0].state == "accepted"


def test_her_withdrawn_or_own_ended_request_is_not_answered_by_asking() -> None:
    assert Pair(from_her=ending.withdraw(asked(), ANA, LATER)[0]).crossing(LATER) is None
    assert Pair(from_her=ending.end_hidden(asked(), "blocked", ANA, LATER)).crossing(LATER) is None


def test_one_open_request_a_pair_and_direction() -> None:
    silent = asked()
    declined, _ = answering.decline(silent, BEA, LATER)
    for request in (silent, declined):
        assert not Pair(from_me=request).may_ask(LATER)


def test_rest_lasts_90_days_from_the_end_that_showed() -> None:
    silent = asked()
    declined, _ = answering.decline(silent, BEA, LATER)
    withdrawn, _ = ending.withdraw(silent, ANA, LATER)
    for request, shown in ((silent, silent.expires_at), (declined, silent.expires_at), (withdrawn, LATER)):
        assert not Pair(from_me=request).may_ask(shown + REST - TICK)
        assert Pair(from_me=request).may_ask(shown + REST)


def test_rest_holds_for_the_one_who_asked_alone() -> None:
    declined, _ = answering.decline(asked(), BEA, LATER)
    assert Pair(from_her=declined).may_ask(declined.expires_at)


def test_connected_or_suspended_members_cannot_ask() -> None:
    assert not Pair(closeness="met").may_ask(AT)
    assert not Pair(suspended=True).may_ask(AT)
    assert not Pair(from_her=asked(), suspended=True).may_ask(AT)


def test_what_she_is_to_me() -> None:
    request = asked()
    assert Pair().relation(AT) == ("none", None)
    assert Pair(from_me=request).relation(AT) == ("pending_from_me", request.id)
    assert Pair(from_her=request).relation(AT) == ("pending_from_her", request.id)
    assert Pair(from_me=request).relation(request.expires_at) == ("none", None)
    declined = answering.decline(request, BEA, AT)[0]
    assert Pair(from_her=declined).relation(AT) == ("none", request.id), "a yes is still possible"
    assert Pair(from_her=declined).relation(request.expires_at) == ("none", None)
    assert Pair(from_me=answering.accept(request, BEA, "met", AT)[0], closeness="met").relation(AT) == ("connected", None)


def test_each_sees_her_own_closeness_and_what_she_can_do() -> None:
    request = asked()
    mine, hers = request_view(request, ANA, CARDS, AT), request_view(request, BEA, CARDS, AT)
    assert (mine.my_role, mine.closeness, mine.actions) == ("requester", "met", ["withdraw"])
    assert (hers.my_role, hers.closeness, hers.actions) == ("recipient", None, ["accept", "decline", "decline_kindly", "ask_question"])
    assert request_view(request, BEA, CARDS, request.expires_at).actions == []
