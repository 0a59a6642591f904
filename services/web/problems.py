"""The stable codes of the services as sentences in her language; where a code isn't known here, the service's own sentence."""

from collections.abc import Mapping

from services.web.clients import ServiceProblem
from services.web.i18n import N_, translate

LENGTHS: Mapping[str, tuple[int, int]] = {
    "name": (1, 80),
    "headline": (0, 120),
    "organisation": (0, 120),
    "place": (0, 120),
    "where_we_met": (15, 300),
    "why_now": (40, 1000),
    "why_her": (40, 1000),
    "words_for": (40, 1000),
    "thank_you": (1, 500),
    "words": (1, 2000),
}
"""What the forms say of each text's length, least and most characters. The services decide; a test compares the two."""

SENTENCES: Mapping[str, str] = {
    "invalid": N_("Almost there. Please look at what is marked below."),
    "wrong_code": N_("That isn't the code. Please look at the letter again."),
    "code_expired": N_("This code no longer works. Ask for a new one."),
    "too_many_codes": N_("We have sent several codes in a short time. Please wait a few minutes and try again."),
    "too_many_tries": N_("That was one try too many. Ask for a new code."),
    "cannot_connect": N_("You can't ask her to connect right now."),
    "cannot_request": N_("You can't ask her to connect right now."),
    "cannot_ask": N_("You can't ask for this introduction right now."),
    "cannot_propose": N_("You can't propose this introduction right now."),
    "too_many_open_vouches": N_("You stand behind as many introductions as you can at once. When one ends, you can vouch again."),
    "not_connected_to_both": N_("You need to be connected to both of them to introduce them."),
    "know_both_better": N_("You said of one of them that you have only met. Women vouch here for those they know well."),
    "already_closed": N_("This is already over, so nothing has changed."),
    "already_decided": N_("You have already answered this."),
    "already_confirmed": N_("They have already been introduced, so this can't be taken back."),
    "idempotency_key_reused": N_("This was already sent once. Please look at how it stands before you send it again."),
    "not_now": N_("This can't be done as things stand now. Nothing has changed."),
    "try_again": N_("Something went wrong on our side. Nothing you wrote is lost: please try again."),
}

FIELD_SENTENCES: Mapping[str, str] = {
    "missing": N_("This is needed."),
    "not_a_choice": N_("Please choose one of these."),
    "too_long": N_("Please write at most %(most)s characters."),
    "control_character": N_("There is a character in this that can't be shown. Please type it again."),
    "bidirectional_override": N_("There is a mark in this that turns the direction of writing. Please type it again."),
    "line_break": N_("This has to be one line."),
    "email": N_("This doesn't look like an email address."),
    "time_zone": N_("Please choose a time zone from the list."),
    "wrong": N_("This isn't right yet."),
}
TOO_SHORT = N_("Please write at least %(least)s characters.")
EMPTY = N_("Please fill this in.")


def sentence(problem: ServiceProblem, language: str) -> str:
    """What to tell her of the problem as a whole."""
    known = SENTENCES.get(problem.code)
    if known:
        return translate(language, known)
    return problem.detail or translate(language, SENTENCES["not_now"])


def fields(problem: ServiceProblem, language: str) -> dict[str, str]:
    """A sentence a wrong field, by the field's name."""
    return {one["field"]: _field(one, language) for one in problem.fields if one.get("field")}


def _field(one: Mapping[str, str], language: str) -> str:
    name, code = one["field"], one.get("code", "")
    least, most = LENGTHS.get(name.split(".", 1)[0], (0, 0))
    if code == "too_short":
        return translate(language, TOO_SHORT, least=least) if least > 1 else translate(language, EMPTY)
    known = FIELD_SENTENCES.get(code)
    if known is None:
        return one.get("detail") or translate(language, FIELD_SENTENCES["wrong"])
    return translate(language, known, most=most) if "%(most)s" in known else translate(language, known)
