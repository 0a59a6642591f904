"""The letters. To add one, make its folder and name it here: nothing else is edited."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from services.notify import community, members, progress
from services.notify.letters.address_change_asked import letter as address_change_asked
from services.notify.letters.address_changed import letter as address_changed
from services.notify.letters.asleep import letter as asleep
from services.notify.letters.base import Decide, Known
from services.notify.letters.code import letter as code
from services.notify.letters.connection_accepted import letter as connection_accepted
from services.notify.letters.connection_requested import letter as connection_requested
from services.notify.letters.correction_asked import letter as correction_asked
from services.notify.letters.did_not_go_ahead import letter as did_not_go_ahead
from services.notify.letters.erased import letter as erased
from services.notify.letters.export_ready import letter as export_ready
from services.notify.letters.farewell import letter as farewell
from services.notify.letters.how_did_it_go import letter as how_did_it_go
from services.notify.letters.in_touch import letter as in_touch
from services.notify.letters.introduction import letter as introduction
from services.notify.letters.introduction_asked import letter as introduction_asked
from services.notify.letters.introduction_vouched import letter as introduction_vouched
from services.notify.letters.introduction_waits import letter as introduction_waits
from services.notify.letters.invitation import letter as invitation
from services.notify.letters.join_answered import letter as join_answered
from services.notify.letters.join_recommended import letter as join_recommended
from services.notify.letters.join_requested import letter as join_requested
from services.notify.letters.join_waits import letter as join_waits
from services.notify.letters.kind_answer import letter as kind_answer
from services.notify.letters.leaving import letter as leaving
from services.notify.letters.leaving_undone import letter as leaving_undone
from services.notify.letters.moderation_noticed import letter as moderation_noticed
from services.notify.letters.need_asked import letter as need_asked
from services.notify.letters.new_address import letter as new_address
from services.notify.letters.new_device import letter as new_device
from services.notify.letters.notice_answered import letter as notice_answered
from services.notify.letters.question_answered import letter as question_answered
from services.notify.letters.question_asked import letter as question_asked
from services.notify.letters.request_waits import letter as request_waits
from services.notify.letters.requests_restricted import letter as requests_restricted
from services.notify.letters.sender import Sender
from services.notify.letters.sides_connected import letter as sides_connected
from services.notify.letters.sponsored import letter as sponsored
from services.notify.letters.words_corrected import letter as words_corrected
from services.notify.queue import metrics, store
from services.notify.queue.domain import Decision
from services.notify.queue.feature import LETTERS as KEPT
from shared.contracts.events.base import Event
from shared.messaging.feature import Feature, Timer
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

LETTERS = (
    code.KIND,
    new_device.KIND,
    new_address.KIND,
    address_change_asked.KIND,
    address_changed.KIND,
    leaving.KIND,
    leaving_undone.KIND,
    asleep.KIND,
    erased.KIND,
    export_ready.KIND,
    connection_requested.KIND,
    request_waits.KIND,
    requests_restricted.KIND,
    question_asked.KIND,
    question_answered.KIND,
    connection_accepted.KIND,
    kind_answer.KIND,
    introduction_asked.KIND,
    introduction_vouched.KIND,
    correction_asked.KIND,
    words_corrected.KIND,
    introduction_waits.KIND,
    introduction.KIND,
    did_not_go_ahead.KIND,
    in_touch.KIND,
    how_did_it_go.KIND,
    sides_connected.KIND,
    need_asked.KIND,
    sponsored.KIND,
    farewell.KIND,
    moderation_noticed.KIND,
    notice_answered.KIND,
    invitation.KIND,
    join_requested.KIND,
    join_recommended.KIND,
    join_waits.KIND,
    join_answered.KIND,
)


def feature(sender: Sender) -> Feature:
    """All letters, written in the name of `sender`."""
    decides: dict[type[Event], list[Decide[Any]]] = defaultdict(list)
    for kind in LETTERS:
        for event, decide in kind.decides.items():
            decides[event].append(decide)
    handlers = Handlers()
    for event, those in decides.items():
        handlers.consumes_many(event)(partial(_write, those, sender))
    return replace(KEPT, handlers=handlers, timers=[Timer("letters.count", 30, metrics.count)])


async def _write(decides: Sequence[Decide[Any]], sender: Sender, events: list[Event], tx: Tx) -> None:
    """Queue what these events, all of one type, mean to the members in them."""
    news = await progress.news(tx, events)
    people = await members.people(tx, {id_ for event, _ in news for id_ in members.named_in(event)})
    sender = await community.sender(tx, sender)
    decisions: list[Decision] = []
    for event, before in news:
        for decide in decides:
            decisions += decide(event, Known(people, before), sender)
        await asyncio.sleep(0)  # so that letters go on leaving while a long list is written
    await store.put(tx, decisions)
    metrics.note(decisions)
