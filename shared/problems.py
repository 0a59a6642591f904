"""What can't be done, as a member may read it: problems with a stable code, a status and a sentence.

Pure: `shared/http/problem_rendering.py` answers them over HTTP as RFC 9457, and pages show the same sentences in their language.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

FIELD_SENTENCES: Mapping[str, str] = {
    "missing": "This is needed.",
    "empty": "Please fill this in.",
    "too_short": "Please write at least {minimum} characters.",
    "too_long": "Please write at most {maximum} characters.",
    "too_many": "Please choose at most {maximum}.",
    "not_a_choice": "Please choose one of these.",
    "line_break": "This has to be one line.",
    "control_character": "This contains a character that can't be shown. Please type it again.",
    "hidden_character": "This contains a character that can't be seen. Please type it again.",
    "bidirectional_override": "This contains a hidden character that changes text direction. Please type it again.",
    "too_many_marks": "This has more accents on one letter than we can show. Please type it again.",
    "no_letter": "A name needs at least one letter or digit.",
    "not_in_a_name": "A name can't contain <, > or @.",
    "not_an_address": "Please check this address: email couldn't reach it.",
    "no_address": "Please write your address.",
    "not_a_code": "A code has eight digits, or sixteen.",
    "not_a_time_zone": "Please choose a time zone from the list.",
    "not_a_language": "Please choose languages from the list.",
    "not_a_day": "Please write a day.",
    "not_adult": "Madrina is for women who are 18 or older.",
    "not_agreed": "To join, please read the terms and agree to them.",
    "not_a_pause": "Please choose a day after the pause begins, a year from now at the latest.",
    "only_met": "She likes to be asked by women she has met.",
    "question_changed": "Her question has changed in the meantime. Please look at it once more.",
    "stock_phrases": "These sentences fit anyone. Write what only you two know: what she said, what you'd like to ask her.",
    "copied": "You have sent almost these words to another woman within 90 days. Write what you would say to this one alone.",
    "copied_more": "You have sent almost these words {count} times within 90 days. Write what you would say to this woman alone.",
    "nothing_specific": "This could be to anyone. One real thing is enough: what she said, what you did together, what you'd like to ask. "
    "You may also send it as it is.",
    "remarks_on_looks": "This is about her looks, or about more than work. Many women stop reading there. Say what you'd talk about. "
    "You may also send it as it is.",
    "names_a_reporter": "This names whoever reported it. Say what was found without her.",
    "names_a_member": "This names a member. Say what you found without her: whoever reads it isn't one.",
    "names_another": "This names another woman. Say what you found without her: nothing may tell who said what.",
    "for_both": "Each of them needs words of her own.",
    "only_when_worthwhile": "A thank-you goes with an introduction that was worthwhile.",
    "only_of_misconduct": "Tell our moderators only if she behaved badly.",
    "not_a_key": "A key of 8 to 128 characters is needed.",
    "unknown_field": "This isn't known here.",
    "malformed": "This couldn't be read.",
    "wrong": "This isn't right yet.",
}
"""What is wrong with a field, by the stable code of its error."""


class Field(dict[str, str | int]):
    """One wrong field: `{field, code, detail}`, and the `minimum`, `maximum` or `count` that its sentence names."""

    def __init__(self, field: str, code: str, **limits: int) -> None:
        super().__init__(field=field, code=code, detail=FIELD_SENTENCES[code].format(**limits), **limits)


class Problem(Exception):
    """Something a member asked for can't be done. Subclasses give a sentence for her.

    Its code, which is stable, follows from the name; the status is 409 unless another is given.
    """

    code: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500
    sentence: ClassVar[str] = "Something went wrong on our side. Please try again in a moment."
    retry_after: ClassVar[int | None] = None
    """Seconds, for the header Retry-After."""

    def __init_subclass__(cls, code: str = "", status: int = 0, sentence: str = "") -> None:
        super().__init_subclass__()
        if Problem in cls.__bases__:
            code, status = code or re.sub("(?<!^)(?=[A-Z])", "_", cls.__name__).lower(), status or 409
        cls.code, cls.status, cls.sentence = code or cls.code, status or cls.status, sentence or cls.sentence

    def __init__(self, *, fields: Iterable[Field] = (), again_at: datetime | None = None) -> None:
        super().__init__(self.code)
        self.fields = list(fields)
        self.again_at = again_at
        """When it can be done again, if that is known."""


class NotFound(Problem, status=404, sentence="There is nothing here."):
    """Absent, or not hers to know of: the two answer the same."""


class Invalid(Problem, status=422, sentence="Some of this needs another look."):
    """Fields are wrong; `fields` says which and why."""


class NotSignedIn(Problem, status=401, sentence="Please sign in first."):
    """No token, or one that isn't good here and now."""


class StepUpNeeded(Problem, status=403, sentence="Please show us first that it is you."):
    """What she asks for matters so much that she shows a passkey or a fresh code for it, though she is signed in."""


class AccountSuspended(
    Problem, status=403, sentence="Your account is suspended. You can read why, appeal, take your data with you, and leave."
):
    """Moderators stopped her from taking part: what is left to her are her notices, her appeal, her export and her leaving."""


class AccountLeaving(Problem, status=403, sentence="Your account is about to end. Keep it first."):
    """Her last days run: what is left to her is to keep her account, and her export."""


class NotAllowed(Problem, code="method_not_allowed", status=405, sentence="That can't be done here."):
    """The method isn't one of this address."""


class TooLarge(Problem, status=413, sentence="This is longer than we can take."):
    """The body is longer than any form of ours."""


class IdempotencyKeyReused(Problem, status=422, sentence="This was sent before with other words, so nothing was changed now."):
    """The key came with another command before."""


class Unavailable(Problem, status=503, sentence="This part isn't available at the moment. Please try again shortly."):
    """Something this service needs is down for now."""

    retry_after = 5


class Unexpected(Problem, status=500):
    """A fault of ours."""
