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
    "wrong_code": N_("These aren't the six digits. Please look at the letter again."),
    "code_expired": N_("These six digits no longer work. Please ask for new ones."),
    "profile_needed": N_("Please make your profile first."),
    "cannot_request": N_("You can't ask her to connect at the moment."),
    "cannot_accept": N_("This can't be accepted at the moment."),
    "already_connected": N_("You are connected already."),
    "already_closed": N_("This is no longer open, so nothing has changed."),
    "only_the_recipient": N_("Only she who was asked can answer this."),
    "only_the_requester": N_("Only she who asked can take this back."),
    "cannot_ask": N_("This introduction can't be asked for at the moment."),
    "cannot_propose": N_("This introduction can't be proposed at the moment."),
    "too_many_open_vouches": N_("You stand behind as many introductions as you can at once. When one ends, you can vouch again."),
    "not_connected_to_both": N_("You need to be connected to both of them to introduce them."),
    "know_both_better": N_("You said of one of them that you have only met. Women vouch here for those they know well."),
    "suspended": N_("Your membership is paused, so this can't be done for now."),
    "not_yours": N_("This isn't yours to decide."),
    "introduction_closed": N_("This introduction is no longer open, so nothing has changed."),
    "introduction_confirmed": N_("Both have said yes already, so this can't be changed any more."),
    "already_answered": N_("You have already said how it went, and that stays as it is."),
    "only_worthwhile_now": N_("The time for answers is over. You can still say that it was worthwhile."),
    "idempotency_key_reused": N_("This was already sent once. Please look at how it stands before you send it again."),
    "too_large": N_("This is longer than we can take."),
    "not_now": N_("This can't be done as things stand now. Nothing has changed."),
}

FIELD_SENTENCES: Mapping[str, str] = {
    "missing": N_("This is needed."),
    "not_a_choice": N_("Please choose one of these."),
    "too_long": N_("Please write at most %(most)s characters."),
    "control_character": N_("There is a character in this that can't be shown. Please type it again."),
    "bidirectional_override": N_("There is a mark in this that turns the direction of writing. Please type it again."),
    "line_break": N_("This has to be one line."),
    "not_an_address": N_("This doesn't look like an email address."),
    "not_a_time_zone": N_("Please choose a time zone from the list."),
    "not_a_language": N_("Please choose languages from the list."),
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
