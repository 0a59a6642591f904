"""What can't be done, as a member may read it: problems with a stable code, a status and a sentence.

Pure: `shared/http/problem_rendering.py` answers them over HTTP as RFC 9457.
"""

from collections.abc import Iterable
from typing import ClassVar


class Field(dict[str, str]):
    """One wrong field: `{field, code, detail}`."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(field=field, code=code, detail=detail)


class Problem(Exception):
    """Something a member asked for can't be done. Subclasses set a stable code, a status and a sentence for her."""

    code: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500
    sentence: ClassVar[str] = "Something went wrong on our side. Please try again in a moment."
    retry_after: int | None = None
    """Seconds, for the header Retry-After."""

    def __init__(self, *, fields: Iterable[Field] = (), retry_after: int | None = None) -> None:
        super().__init__(self.code)
        self.fields = list(fields)
        if retry_after is not None:
            self.retry_after = retry_after


class NotFound(Problem):
    """Absent, or not hers to know of: the two answer the same."""

    code = "not_found"
    status = 404
    sentence = "There is nothing here."


class Invalid(Problem):
    """Fields are wrong; `fields` says which and why."""

    code = "invalid"
    status = 422
    sentence = "Some of this needs another look."


class NotSignedIn(Problem):
    """No token, or one that isn't good here and now."""

    code = "not_signed_in"
    status = 401
    sentence = "Please sign in first."


class NotAllowed(Problem):
    """The method isn't one of this address."""

    code = "method_not_allowed"
    status = 405
    sentence = "That can't be done here."


class TooLarge(Problem):
    """The body is longer than any form of ours."""

    code = "too_large"
    status = 413
    sentence = "This is longer than we can take."


class Unavailable(Problem):
    """Something this service needs is down for now."""

    code = "unavailable"
    status = 503
    sentence = "This part is resting for a moment. Please try again shortly."
    retry_after = 5


class Unexpected(Problem):
    """A fault of ours."""
