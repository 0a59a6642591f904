"""One question that the recipient asks before she decides, and the requester's answer. Pure.

Neither changes how long the request stays open. After a no she can't ask: a question would tell that she is still deciding. The
requester answers as long as it looks open to her, whatever has been said.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests.connections.domain.answering import must_be_hers_to_answer
from services.requests.connections.domain.connection_request import Changed, ConnectionRequest
from shared.contracts.events.requests import ConnectionQuestionAnswered, ConnectionQuestionAsked
from shared.contracts.http.requests.connection_problems import (
    AlreadyConnected,
    CannotAnswer,
    NothingAsked,
    OnlyOneAnswer,
    OnlyOneQuestion,
    OnlyTheRequester,
    RequestClosed,
)


def ask_back(request: ConnectionRequest, by: UUID, question: str, at: datetime, *, suspended: bool = False) -> Changed:
    """The recipient's question. `suspended`: either of the two is.

    Raises OnlyTheRecipient, AlreadyConnected, RequestClosed, OnlyOneQuestion, CannotAnswer.
    """
    must_be_hers_to_answer(request, by)
    if not request.open_at(at):
        raise RequestClosed
    if request.clarifying_question is not None:
        raise OnlyOneQuestion
    if suspended:
        raise CannotAnswer
    after = replace(request, clarifying_question=question, version=request.version + 1)
    return after, [after.event(ConnectionQuestionAsked, at, question=question)]


def answer_back(request: ConnectionRequest, by: UUID, answer: str, at: datetime, *, suspended: bool = False) -> Changed:
    """The requester's answer. `suspended`: either of the two is.

    Raises OnlyTheRequester, AlreadyConnected, RequestClosed, NothingAsked, OnlyOneAnswer, CannotAnswer.
    """
    if by != request.requester_id:
        raise OnlyTheRequester
    if request.state == "accepted":
        raise AlreadyConnected
    if not request.looks_open_at(at):
        raise RequestClosed
    if request.clarifying_question is None:
        raise NothingAsked
    if request.clarifying_answer is not None:
        raise OnlyOneAnswer
    if suspended:
        raise CannotAnswer
    after = replace(request, clarifying_answer=answer, version=request.version + 1)
    return after, [after.event(ConnectionQuestionAnswered, at, question=request.clarifying_question, answer=answer)]
