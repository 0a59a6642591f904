"""What can't be done with a connection request.

Each is shown only to the member concerned. What a requester may not know answers as CannotRequest, whatever the cause.
"""

from shared.problems import Field, Problem


class CannotRequest(Problem, sentence="You can't ask her to connect at the moment."):
    """Whatever stands in the way; nobody learns which of the causes it is."""


class OnlyThroughIntroduction(Problem, sentence="She would rather be introduced: one of your connections who knows her can do that."):
    """Her bar: nobody asks her directly. Her page says so to everyone."""


class OnlyWomenSheHasMet(Problem, sentence="She likes to be asked by women she has met."):
    """Her bar, and the requester hasn't met her. Her page says so to everyone."""

    def __init__(self) -> None:
        super().__init__(fields=[Field("how_met", "only_met")])


class QuestionChanged(Problem, sentence="Her question has changed in the meantime. Please look at it once more."):
    """It isn't the question that was read."""

    def __init__(self) -> None:
        super().__init__(fields=[Field("requester_answer", "question_changed")])


class RequestsLimited(Problem, sentence="For a while you can't ask to connect yourself. Women you know can introduce you."):
    """Moderators decided so."""


class IntroductionsOnly(
    Problem,
    sentence="Women you asked to connect said that they don't know you, so for a while you can't ask yourself. Women you know can "
    "introduce you.",
):
    """Several of those she asked said so."""


class Nudge(Problem, status=422, sentence="She may not know what to answer. Send it once more, and it goes as it is."):
    """The note gate finds nothing specific in her note, or a remark on looks: `fields` says which. Said once."""


class TooManyOpenRequests(
    Problem,
    sentence="You have as many open requests as there can be at once. When one is accepted, withdrawn or ends, you can send another.",
):
    """20 of her requests look open to her."""


class TooManyRequestsToday(Problem, sentence="You have sent as many requests as fit into one day: ten, or three in your first two weeks."):
    """She has sent 10 within 24 hours, or 3 as a newcomer."""


class CannotAccept(Problem, sentence="This request can't be accepted at the moment."):
    """One of the two is suspended."""


class CannotAnswer(Problem, sentence="She can't be written to at the moment."):
    """One of the two is suspended."""


class OnlyOneQuestion(Problem, sentence="You have asked her your one question already."):
    """The recipient asked before."""


class NothingAsked(Problem, sentence="She has asked you nothing."):
    """There is no question to answer."""


class OnlyOneAnswer(Problem, sentence="You have answered her question already."):
    """The requester answered before."""


class RequestClosed(Problem, code="connection_request_closed", sentence="This request is no longer open, so nothing has changed."):
    """The member who acts can see that the request has ended."""


class AlreadyConnected(Problem, sentence="You are connected already."):
    """The request was accepted."""


class OnlyTheRecipient(Problem, status=403, sentence="Only the woman who was asked can answer this."):
    """The requester tried to answer her own request."""


class OnlyTheRequester(Problem, status=403, sentence="Only the woman who asked can withdraw this."):
    """The recipient tried to withdraw what she was asked."""
