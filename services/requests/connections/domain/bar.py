"""Who may ask her, and her own question: what she set applies to each request that answers none of hers. Pure."""

from datetime import datetime
from uuid import UUID, uuid5

from services.requests.connections.domain.connection_request import RequestWords
from services.requests.reach.domain import Reach
from shared.contracts.events.requests import QuestionReported
from shared.contracts.http.requests.connection_problems import OnlyWomenSheHasMet, QuestionChanged
from shared.problems import NotFound


def let_through(reach: Reach, words: RequestWords) -> None:
    """Raises OnlyWomenSheHasMet; QuestionChanged if what was answered isn't what she asks now."""
    if reach.bar == "met" and words.how_met == "not_yet":
        raise OnlyWomenSheHasMet
    if words.recipient_question != reach.question:
        raise QuestionChanged


def report(reach: Reach, question: str, by: UUID, about: UUID, at: datetime) -> QuestionReported:
    """What moderators are told of her question; of one question each member tells them once. Raises NotFound, QuestionChanged."""
    if by == about or reach.question is None:
        raise NotFound
    if question != reach.question:
        raise QuestionChanged
    report_id = uuid5(by, f"question/{about.hex}/{question}")
    return QuestionReported(aggregate_id=report_id, aggregate_version=1, occurred_at=at, by_id=by, about_id=about, question=question)
