"""What can't be done with connection requests, as a member may read it."""

from shared.problems import Problem


class CannotRequest(Problem):
    """Whatever stands in the way; which of the causes it is, is told to nobody."""

    code = "cannot_request"
    status = 409
    sentence = "You can't send her a connection request at the moment."


class CannotAccept(Problem):
    """One of the two doesn't take part at the moment."""

    code = "cannot_accept"
    status = 409
    sentence = "This request can't be accepted at the moment."


class AlreadyClosed(Problem):
    """The request's end shows to her who acts."""

    code = "already_closed"
    status = 409
    sentence = "This request is no longer open."


class AlreadyConnected(Problem):
    """The request was accepted, by whichever way."""

    code = "already_connected"
    status = 409
    sentence = "The two of you are connected already."


class OnlyTheRecipient(Problem):
    """The requester tried to answer her own request."""

    code = "only_the_recipient"
    status = 403
    sentence = "Only the member who was asked can answer this request."


class OnlyTheRequester(Problem):
    """The recipient tried to withdraw what she was asked."""

    code = "only_the_requester"
    status = 403
    sentence = "Only the member who asked can withdraw this request."
