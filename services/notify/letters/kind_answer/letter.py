"""To the woman who asked for a connection or an introduction: the kind sentence in which the other said no."""

from pathlib import Path
from uuid import UUID

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.requests import ConnectionClosed, IntroductionClosed
from shared.contracts.kind_answers import SENTENCES

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(ConnectionClosed)
def kind_answer(event: ConnectionClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the requester, if there is one. Raises NotYetKnown."""
    link = sender.link("connection-requests", event.connection_request_id)
    return [_to_her(event, (event.requester_id, event.recipient_id), link, known, sender)]


@KIND.on(IntroductionClosed)
def kind_answer_of_a_voucher(event: IntroductionClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the asker, if there is one. Raises NotYetKnown."""
    if event.asker_id is None or event.asker_id in event.not_for:
        return []
    return [_to_her(event, (event.asker_id, event.voucher_id), sender.link("introductions", event.introduction_id), known, sender)]


def _to_her(event: ConnectionClosed | IntroductionClosed, women: tuple[UUID, UUID], link: str, known: Known, sender: Sender) -> Decision:
    asked_by, asked = women
    if event.kind_answer is None:
        return KIND.skip(event, asked_by, "no_kind_answer")
    to, other = known.people.recipient(asked_by), known.people.profile(asked)
    if to is None or other is None:
        return KIND.skip(event, asked_by, "erased")
    sentence = SENTENCES[to.profile.language][event.kind_answer]
    fields = {"other": other, "sentence": sentence, "link": link, "introduction": isinstance(event, IntroductionClosed)}
    return KIND.to_member(sender, event, to, fields, about=[other])
