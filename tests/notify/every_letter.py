"""Every letter there is: each kind, in each form that it takes for a reader."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.notify.letters.address_change_asked.letter import address_change_asked
from services.notify.letters.address_changed.letter import address_changed
from services.notify.letters.asleep.letter import asleep
from services.notify.letters.base import Known
from services.notify.letters.code.letter import code
from services.notify.letters.connection_accepted.letter import connection_accepted
from services.notify.letters.connection_requested.letter import connection_requested
from services.notify.letters.correction_asked.letter import correction_asked
from services.notify.letters.did_not_go_ahead.letter import (
    connection_did_not_go_ahead,
    introduction_did_not_go_ahead,
    need_did_not_go_ahead,
)
from services.notify.letters.erased.letter import erased
from services.notify.letters.export_ready.letter import export_ready
from services.notify.letters.farewell.letter import farewell
from services.notify.letters.how_did_it_go.letter import how_did_it_go
from services.notify.letters.in_touch.letter import in_touch
from services.notify.letters.introduction.letter import introduction
from services.notify.letters.introduction_asked.letter import introduction_asked
from services.notify.letters.introduction_vouched.letter import introduction_vouched
from services.notify.letters.introduction_waits.letter import introduction_waits
from services.notify.letters.invitation.letter import invitation
from services.notify.letters.join_answered.letter import join_answered
from services.notify.letters.join_recommended.letter import join_recommended
from services.notify.letters.join_requested.letter import join_requested
from services.notify.letters.join_waits.letter import join_waits
from services.notify.letters.kind_answer.letter import kind_answer, kind_answer_of_a_voucher
from services.notify.letters.leaving.letter import leaving
from services.notify.letters.leaving_undone.letter import leaving_undone
from services.notify.letters.moderation_noticed.letter import moderation_noticed
from services.notify.letters.need_asked.letter import need_asked
from services.notify.letters.new_address.letter import new_address
from services.notify.letters.new_device.letter import new_device
from services.notify.letters.notice_answered.letter import notice_answered
from services.notify.letters.question_answered.letter import question_answered
from services.notify.letters.question_asked.letter import question_asked
from services.notify.letters.request_waits.letter import request_waits
from services.notify.letters.requests_restricted.letter import requests_restricted
from services.notify.letters.sides_connected.letter import sides_connected
from services.notify.letters.sponsored.letter import sponsored
from services.notify.letters.words_corrected.letter import words_corrected
from services.notify.members import Recipient
from services.notify.progress import Progress
from services.notify.queue.domain import Decision
from shared.contracts.events.members import Language
from shared.contracts.events.members_private import (
    AccountAsleep,
    AccountErased,
    AddressChangeAsked,
    AddressChanged,
    InvitationSent,
    JoinAnswered,
    JoinRequested,
    LeavingAsked,
    LeavingUndone,
    NewAddressNamed,
)
from tests.notify import world
from tests.notify.world import ANA, INES, SENDER, Read

Write = Callable[..., list[Decision]]
"""A letter to whoever gets it, from what notify knows and, if they are given, the words of a member."""


def said(words: str | None, *fields: str) -> dict[str, Any]:
    return dict.fromkeys(fields, words) if words is not None else {}


def words_for(words: str | None) -> dict[str, Any]:
    return {} if words is None else {"words_for": {ANA.profile.id: words, INES.profile.id: words}}


def of_new_device(known: Known, words: str | None = None) -> list[Decision]:
    return new_device(world.signed_in(), known, SENDER)


def of_code(known: Known, words: str | None = None) -> list[Decision]:
    language = next(iter(known.people._profiles.values())).language
    return code(world.code_issued(language=language), known, SENDER)


def of_new_address(known: Known, words: str | None = None) -> list[Decision]:
    return new_address(
        world.asking(NewAddressNamed, known, member_id=ANA.profile.id, code="3141592653589793", passed_on=False), known, SENDER
    )


def of_taken_address(known: Known, words: str | None = None) -> list[Decision]:
    return new_address(world.asking(NewAddressNamed, known, member_id=ANA.profile.id, code="", passed_on=False), known, SENDER)


def of_change_asked(known: Known, words: str | None = None) -> list[Decision]:
    return address_change_asked(
        world.asking(AddressChangeAsked, known, member_id=ANA.profile.id, token="to-ken", passed_on=False), known, SENDER
    )


def of_passing_on_asked(known: Known, words: str | None = None) -> list[Decision]:
    return address_change_asked(
        world.asking(AddressChangeAsked, known, member_id=ANA.profile.id, token="to-ken", passed_on=True), known, SENDER
    )


def of_address_changed(known: Known, words: str | None = None) -> list[Decision]:
    return address_changed(world.asking(AddressChanged, known, member_id=ANA.profile.id, token="to-ken"), known, SENDER)


def of_leaving(known: Known, words: str | None = None) -> list[Decision]:
    return leaving(world.ending(LeavingAsked, known), known, SENDER)


def of_staying(known: Known, words: str | None = None) -> list[Decision]:
    return leaving_undone(world.ending(LeavingUndone, known), known, SENDER)


def of_asleep(known: Known, words: str | None = None) -> list[Decision]:
    return asleep(world.ending(AccountAsleep, known), known, SENDER)


def of_asleep_again(known: Known, words: str | None = None) -> list[Decision]:
    return asleep(world.ending(AccountAsleep, known, aggregate_version=2), known, SENDER)


def of_erased(known: Known, words: str | None = None) -> list[Decision]:
    return erased(world.ending(AccountErased, known), known, SENDER)


def of_export(known: Known, words: str | None = None) -> list[Decision]:
    return export_ready(world.export_ready(), known, SENDER)


def of_requested(known: Known, words: str | None = None) -> list[Decision]:
    beside = {"met_at": "the data workshop", "asks_for": "twenty_minutes", "recipient_question": "Which judge taught you most?"}
    answer = {"requester_answer": "The one who let me ask first."}
    written = {**answer, **said(words, "where_we_met", "why_now", "requester_answer")}
    return connection_requested(world.connection_requested(**beside, **written), known, SENDER)


def of_accepted(known: Known, words: str | None = None) -> list[Decision]:
    return connection_accepted(world.connection_accepted(), known, SENDER)


def of_question(known: Known, words: str | None = None) -> list[Decision]:
    return question_asked(world.question_asked(**said(words, "question")), known, SENDER)


def of_answer(known: Known, words: str | None = None) -> list[Decision]:
    return question_answered(world.question_answered(**said(words, "question", "answer")), known, SENDER)


def of_a_vouchers_kind_answer(known: Known, words: str | None = None) -> list[Decision]:
    return kind_answer_of_a_voucher(world.closed("declined_by_voucher", kind_answer="wish_you_well"), known, SENDER)


def of_kind_answer(known: Known, words: str | None = None) -> list[Decision]:
    return kind_answer(world.connection_closed("declined", kind_answer="wish_you_well"), known, SENDER)


def of_asked(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_asked(world.asked(**said(words, "why_her")), known, SENDER)


def of_vouched(known: Known, words: str | None = None) -> list[Decision]:
    why = "Her clinic did it first, and I want to learn." if words is None else words
    return introduction_vouched(world.vouched(why_her=why, **words_for(words)), known, SENDER)


def of_proposed(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_vouched(world.vouched(asker=None, **words_for(words)), known, SENDER)


def of_correction(known: Known, words: str | None = None) -> list[Decision]:
    return correction_asked(world.correction_asked(**said(words, "words")), known, SENDER)


def of_corrected(known: Known, words: str | None = None) -> list[Decision]:
    return words_corrected(world.words_corrected(**words_for(words)), known, SENDER)


def of_waiting(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_waits(world.waits("introduction_waits"), known, SENDER)


def of_waiting_ask(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_waits(world.waits("ask_waits"), known, SENDER)


def of_confirmed(known: Known, words: str | None = None) -> list[Decision]:
    return introduction(world.confirmed(**words_for(words)), known, SENDER)


def of_reminder(known: Known, words: str | None = None) -> list[Decision]:
    return how_did_it_go(world.reminder(), known, SENDER)


def of_request_waits(known: Known, words: str | None = None) -> list[Decision]:
    return request_waits(world.reminder(kind="request_waits", until=world.AT + timedelta(days=7)), known, SENDER)


def of_restricted(known: Known, words: str | None = None) -> list[Decision]:
    return requests_restricted(world.restricted(), known, SENDER)


def of_notice(known: Known, words: str | None = None) -> list[Decision]:
    return moderation_noticed(world.moderation_noticed(), known, SENDER)


def of_in_touch(known: Known, words: str | None = None) -> list[Decision]:
    return in_touch(world.reminder(kind="in_touch"), known, SENDER)


def of_in_touch_again(known: Known, words: str | None = None) -> list[Decision]:
    return in_touch(world.reminder(kind="in_touch", aggregate_version=2), known, SENDER)


def of_kept(known: Known, words: str | None = None) -> list[Decision]:
    return sides_connected(world.sides_connected(), known, SENDER)


def of_need(known: Known, words: str | None = None) -> list[Decision]:
    return need_asked(world.need_asked(**said(words, "looking_for")), known, SENDER)


def of_closed_need(known: Known, words: str | None = None) -> list[Decision]:
    return need_did_not_go_ahead(world.need_closed("expired"), known, SENDER)


def of_answered_need(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_vouched(world.vouched(asker=None, to=(ANA.profile.id,), **words_for(words)), known, SENDER)


def of_asked_first(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_vouched(world.vouched(asker=None, to=(INES.profile.id,), **words_for(words)), known, SENDER)


def of_ending(known: Known, words: str | None = None) -> list[Decision]:
    return introduction_did_not_go_ahead(world.closed("expired"), replace(known, before=Progress(heard=True, vouched=True)), SENDER)


def of_sponsored(known: Known, words: str | None = None) -> list[Decision]:
    return sponsored(world.sponsored(), known, SENDER)


def of_join_request(known: Known, words: str | None = None) -> list[Decision]:
    return join_requested(world.asking(JoinRequested, known, answer_by=world.AT), known, SENDER)


def name_of(known: Known, member: Recipient) -> str:
    profile = known.people.profile(member.profile.id)
    return profile.name if profile else ""


def of_invitation(known: Known, words: str | None = None) -> list[Decision]:
    by = {"sponsor": name_of(known, ANA), "token": "AZKP-oAA", "until": world.AT}
    return invitation(world.asking(InvitationSent, known, **by), known, SENDER)


def of_recommending(known: Known, words: str | None = None) -> list[Decision]:
    asks = {"name": name_of(known, INES), "recommender_id": ANA.profile.id, "answer_by": world.AT + timedelta(days=14)}
    return join_recommended(world.asking(JoinRequested, known, **asks), known, SENDER)


def of_waiting_to_join(known: Known, words: str | None = None) -> list[Decision]:
    return join_waits(world.join_waits(), known, SENDER)


def of_let_in(known: Known, words: str | None = None) -> list[Decision]:
    return join_answered(world.asking(JoinAnswered, known, let_in=True), known, SENDER)


def of_not_now(known: Known, words: str | None = None) -> list[Decision]:
    return join_answered(world.asking(JoinAnswered, known, let_in=False), known, SENDER)


def of_closed_request(known: Known, words: str | None = None) -> list[Decision]:
    return connection_did_not_go_ahead(world.connection_closed("expired"), known, SENDER)


def of_public_notice(known: Known, words: str | None = None) -> list[Decision]:
    return notice_answered(world.notice_answered(language=next(iter(known.people._profiles.values())).language), known, SENDER)


def of_farewell(known: Known, words: str | None = None) -> list[Decision]:
    return farewell(world.removal_told(), known, SENDER)


EVERY: dict[str, Write] = {
    "code": of_code,
    "new_device": of_new_device,
    "new_address": of_new_address,
    "new_address, another's": of_taken_address,
    "address_change_asked": of_change_asked,
    "address_change_asked, to pass on": of_passing_on_asked,
    "address_changed": of_address_changed,
    "leaving": of_leaving,
    "leaving_undone": of_staying,
    "asleep": of_asleep,
    "asleep, again": of_asleep_again,
    "erased": of_erased,
    "export_ready": of_export,
    "connection_requested": of_requested,
    "connection_accepted": of_accepted,
    "question_asked": of_question,
    "question_answered": of_answer,
    "kind_answer": of_kind_answer,
    "kind_answer, a voucher's": of_a_vouchers_kind_answer,
    "introduction_asked": of_asked,
    "introduction_vouched": of_vouched,
    "introduction_vouched, a proposal": of_proposed,
    "correction_asked": of_correction,
    "words_corrected": of_corrected,
    "introduction_waits": of_waiting,
    "introduction_waits, an ask": of_waiting_ask,
    "introduction": of_confirmed,
    "request_waits": of_request_waits,
    "requests_restricted": of_restricted,
    "moderation_noticed": of_notice,
    "notice_answered": of_public_notice,
    "farewell": of_farewell,
    "in_touch": of_in_touch,
    "in_touch, again": of_in_touch_again,
    "how_did_it_go": of_reminder,
    "sides_connected": of_kept,
    "need_asked": of_need,
    "introduction_vouched, to who asked by need": of_answered_need,
    "introduction_vouched, asked first": of_asked_first,
    "sponsored": of_sponsored,
    "invitation": of_invitation,
    "join_requested": of_join_request,
    "join_recommended": of_recommending,
    "join_waits": of_waiting_to_join,
    "join_answered, let in": of_let_in,
    "join_answered": of_not_now,
    "did_not_go_ahead, a need": of_closed_need,
    "did_not_go_ahead": of_ending,
    "did_not_go_ahead, a request": of_closed_request,
}


def every_letter(language: Language) -> Iterator[tuple[str, Read]]:
    """Every letter in that language, with its name: of the ordinary kind, between three members with ordinary names."""
    for name, write in EVERY.items():
        for number, letter in enumerate(world.letters(write(world.speaking(language))).values(), 1):
            yield f"{name}, {number}", letter
