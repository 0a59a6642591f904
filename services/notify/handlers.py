"""What notify does with each event it hears: keeps its own copies, and writes the letters that the event asks for."""

import asyncio

from services.notify import about_members, members, queue, subjects
from services.notify.letters.base import Decision, Office
from services.notify.letters.code.letter import code
from services.notify.letters.connection_accepted.letter import connection_accepted
from services.notify.letters.connection_requested.letter import connection_requested
from services.notify.letters.did_not_go_on.letter import Ended, connection_did_not_go_on, introduction_did_not_go_on
from services.notify.letters.how_did_it_go.letter import how_did_it_go
from services.notify.letters.introduction.letter import introduction
from services.notify.letters.introduction_asked.letter import introduction_asked
from services.notify.letters.introduction_vouched.letter import introduction_vouched
from services.notify.mime import UnfitAddress
from services.notify.subjects import Before
from shared import clock
from shared.contracts.events.members import SignInCodeIssued
from shared.contracts.events.requests import (
    ConnectionAccepted,
    ConnectionClosed,
    ConnectionEvent,
    ConnectionRequested,
    IntroductionAsked,
    IntroductionClosed,
    IntroductionConfirmed,
    IntroductionEvent,
    IntroductionVouched,
    OutcomesRevealed,
    RemindersDue,
    VouchWithdrawn,
)
from shared.messaging.registry import CannotHandle, Handlers, NotYetKnown
from shared.postgres.database import Tx
from shared.telemetry.logs import log


def consumers(office: Office) -> Handlers:
    """Every handler of the service, writing letters from `office`."""
    found = Handlers("notify")
    about_members.register(found)
    _connections(found, office)
    _introductions(found, office)
    _endings(found, office)

    @found.consumes(SignInCodeIssued)
    async def code_issued(event: SignInCodeIssued, tx: Tx) -> None:
        if event.expires_at <= clock.machine_now():
            log.info("letter.skipped", kind="code", reason="expired", event_id=str(event.id))
            return
        try:
            await queue.put(tx, [code(event, office)])
        except UnfitAddress as error:
            raise CannotHandle(f"unfit_address: {error}") from None

    return found


def _connections(found: Handlers, office: Office) -> None:
    @found.consumes(ConnectionRequested)
    async def requested(event: ConnectionRequested, tx: Tx) -> None:
        if await _news(tx, event):
            known = await members.people(tx, [event.requester_id, event.recipient_id])
            await queue.put(tx, [connection_requested(event, known, office)])

    @found.consumes(ConnectionAccepted)
    async def accepted(event: ConnectionAccepted, tx: Tx) -> None:
        if await _news(tx, event, ended=True):
            known = await members.people(tx, [event.requester_id, event.recipient_id])
            await queue.put(tx, [connection_accepted(event, known, office)])


def _introductions(found: Handlers, office: Office) -> None:
    @found.consumes(IntroductionAsked)
    async def asked(event: IntroductionAsked, tx: Tx) -> None:
        if await _news(tx, event):
            known = await members.people(tx, [event.voucher_id, *event.side_ids])
            await queue.put(tx, [introduction_asked(event, known, office)])

    @found.consumes(IntroductionVouched)
    async def vouched(event: IntroductionVouched, tx: Tx) -> None:
        if await _news(tx, event, vouched=True):
            known = await members.people(tx, [event.voucher_id, *event.side_ids])
            await queue.put(tx, introduction_vouched(event, known, office))

    @found.consumes_many(IntroductionConfirmed)
    async def confirmed(events: list[IntroductionConfirmed], tx: Tx) -> None:
        # Whatever else was heard of it: confirmed is confirmed. What comes late about it is older than this.
        await subjects.advance(tx, events, vouched=True, ended=True)
        known = await members.people(tx, {id_ for event in events for id_ in (event.voucher_id, *event.side_ids)})
        decisions: list[Decision] = []
        for event in events:
            decisions += introduction(event, known, office)
            await asyncio.sleep(0)  # so that letters go on leaving while a long list is written
        await queue.put(tx, decisions)

    @found.consumes(RemindersDue)
    async def reminded(event: RemindersDue, tx: Tx) -> None:
        known = await members.people(tx, [event.member_id, event.about_id])
        await queue.put(tx, [how_did_it_go(event, known, office)])

    @found.consumes(OutcomesRevealed)
    async def revealed(event: OutcomesRevealed, tx: Tx) -> None:
        await queue.answered(tx, event.introduction_id, list(event.answers))


def _endings(found: Handlers, office: Office) -> None:
    @found.consumes(ConnectionClosed)
    async def connection_closed(event: ConnectionClosed, tx: Tx) -> None:
        _only_when_shown(event)
        if await _news(tx, event, ended=True):
            both = [event.requester_id, event.recipient_id]
            known, blockers = await members.people(tx, both), await members.blockers(tx, both)
            await queue.put(tx, connection_did_not_go_on(event, known, office, blockers))

    async def introduction_ended(event: Ended, tx: Tx) -> None:
        _only_when_shown(event)
        if before := await _news(tx, event, ended=True):
            three = [event.voucher_id, *event.side_ids]
            known, blockers = await members.people(tx, three), await members.blockers(tx, three)
            await queue.put(tx, introduction_did_not_go_on(event, known, office, before, blockers))

    found.consumes(IntroductionClosed)(introduction_ended)
    found.consumes(VouchWithdrawn)(introduction_ended)


def _only_when_shown(event: ConnectionClosed | Ended) -> None:
    if event.shown_at > clock.now():
        raise NotYetKnown("its end doesn't show yet")


async def _news(tx: Tx, event: ConnectionEvent | IntroductionEvent, *, vouched: bool = False, ended: bool = False) -> Before | None:
    """What was known before the event; None where it says nothing that anybody still needs to hear."""
    before = (await subjects.advance(tx, [event], vouched=vouched, ended=ended)).get(event.aggregate_id)
    if before and not before.ended:
        return before
    log.info("letters.not_needed", type=event.type, reason="ended" if before else "older", event_id=str(event.id))
    return None
