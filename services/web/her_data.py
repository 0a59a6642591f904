"""Her data in her language: names of sections and fields, and of what was chosen."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.web import labels, safety_labels
from services.web.i18n import N_, translate
from shared.contracts.http.members.export import DocumentView
from shared.contracts.kind_answers import SENTENCES

SECTIONS = {
    "account": N_("Your account"),
    "former_addresses": N_("Addresses you had before"),
    "new_address": N_("An address to be confirmed"),
    "roles": N_("Your roles"),
    "profile": N_("Your profile"),
    "sessions": N_("Where you signed in"),
    "known_browsers": N_("Browsers we know"),
    "introduced": N_("Whose address you have"),
    "blocks": N_("Whom you block"),
    "reports": N_("What you told our moderators"),
    "agreements": N_("What you agreed to"),
    "exports": N_("When you asked for your data"),
    "connection_requests": N_("Connection requests"),
    "only_introduced": N_("Since when you could only be introduced"),
    "connections": N_("Your people"),
    "removed_connections": N_("Connections you removed"),
    "introductions": N_("Introductions"),
    "needs": N_("Asks by need"),
    "reach": N_("What may reach you"),
    "exclusions": N_("To whom you are never introduced"),
    "look_ups": N_("Whom you looked up today"),
    "dismissed_suggestions": N_("Suggestions you put aside"),
    "vouches": N_("Introductions you vouched for"),
    "reference": N_("How the women you introduced are doing"),
    "trust": N_("Your trust"),
    "letters": N_("Letters you were sent"),
    "passkeys": N_("Your passkeys"),
    "photo": N_("Your photo"),
    "my_group": N_("Your cohort or event"),
    "group_by_which_i_am_suggested": N_("By which you are suggested"),
    "my_request_to_join": N_("Your request to join"),
    "whom_i_recommended": N_("Whom you recommended"),
    "found_by": N_("By which words you are found"),
    "searches": N_("When you looked for somebody"),
    "decisions_about_me": N_("What our moderators decided"),
    "my_appeals": N_("Your appeals"),
    "contests": N_("What you contested"),
    "account_ends": N_("When your account ends"),
    "invitations": N_("Your invitations"),
    "joined": N_("When you joined"),
}
FIELDS = {
    "with": N_("With"),
    "address": N_("Address"),
    "passed_on": N_("What introductions pass on"),
    "began_at": N_("Began"),
    "created_at": N_("Since"),
    "since": N_("Since"),
    "suspended": N_("Suspended"),
    "role": N_("Role"),
    "name": N_("Name"),
    "headline": N_("What you do"),
    "organisation": N_("Organisation"),
    "place": N_("Place"),
    "languages": N_("Languages"),
    "language": N_("Language"),
    "time_zone": N_("Time zone"),
    "visibility": N_("Who sees it"),
    "joined_at": N_("Joined"),
    "changed_at": N_("Changed"),
    "started_at": N_("Began"),
    "seen_at": N_("Last seen"),
    "ended_at": N_("Ended"),
    "authenticated_at": N_("Last shown that it was you"),
    "shown": N_("Shown"),
    "signed_in_at": N_("Signed in"),
    "confirmed_at": N_("Both said yes"),
    "blocked_at": N_("Blocked"),
    "reported_at": N_("Told"),
    "words": N_("Words"),
    "kind": N_("Kind"),
    "state": N_("State"),
    "asked_at": N_("Asked"),
    "my_role": N_("You are"),
    "how_met": N_("How you met"),
    "where_we_met": N_("Where you met"),
    "met_at": N_("Met at"),
    "why_now": N_("Why now"),
    "asks_for": N_("Asks for"),
    "recipient_question": N_("Her question"),
    "requester_answer": N_("The answer to it"),
    "clarifying_question": N_("Asked back"),
    "clarifying_answer": N_("The answer"),
    "expires_at": N_("Open until"),
    "closeness": N_("How well you know her"),
    "my_answer": N_("Your answer"),
    "kind_answer": N_("A kind answer"),
    "last_spoke": N_("When you last spoke"),
    "last_spoke_at": N_("Said on"),
    "open_to_asks": N_("May ask you for introductions"),
    "kept_at": N_("Kept on"),
    "removed_at": N_("Removed"),
    "voucher": N_("Vouches"),
    "sides": N_("Between"),
    "origin": N_("How it began"),
    "why_her": N_("Why her"),
    "show_why_her": N_("Why her is shown to her"),
    "vouched_at": N_("Vouched for"),
    "closed_at": N_("Closed"),
    "my_reason": N_("Your reason"),
    "my_outcome": N_("How it went for you"),
    "vouched_for": N_("Women you introduced"),
    "trusted": N_("With trust that others see"),
    "reported": N_("A report proved true about"),
    "went_well": N_("It went well"),
    "went_well_at": N_("It went well"),
    "in_touch": N_("In touch"),
    "kept": N_("You would keep her"),
    "writes_first": N_("Writes first"),
    "corrections": N_("Corrections asked for"),
    "thank_yous": N_("Thanks"),
    "my_words": N_("Your words"),
    "my_correction": N_("What you asked to correct"),
    "my_thank_you": N_("Your thanks"),
    "my_report": N_("What you told our moderators"),
    "for": N_("For"),
    "from": N_("From"),
    "looking_for": N_("Looking for"),
    "ends_at": N_("Open until"),
    "bar": N_("Who may ask to connect"),
    "question": N_("Your question"),
    "suggestible": N_("May be suggested"),
    "reachable": N_("May be reached through your people"),
    "introductions_in_30_days": N_("Introductions in 30 days"),
    "asks_in_30_days": N_("Asks in 30 days"),
    "paused_from": N_("Pause from"),
    "paused_until": N_("Pause until"),
    "at": N_("When"),
    "score": N_("Score"),
    "band": N_("Band"),
    "evidence": N_("Evidence"),
    "lines": N_("What it is made of"),
    "points": N_("Points"),
    "fades_by_half_at": N_("Weighs half on"),
    "as_of": N_("As of"),
    "text": N_("Text"),
    "version": N_("Version"),
    "agreed_at": N_("Agreed"),
    "letter": N_("Letter"),
    "sent_at": N_("Sent"),
    "subject": N_("Subject"),
    "pronunciation": N_("How your name is said"),
    "help_with": N_("What you can help with"),
    "seeking": N_("What you look for"),
    "findable": N_("May be found"),
    "discreet": N_("Neutral titles and subjects"),
    "device": N_("Browser"),
    "label": N_("What you call it"),
    "added_at": N_("Added"),
    "used_at": N_("Used"),
    "rule": N_("Rule"),
    "reasons": N_("Reasons"),
    "field": N_("What it is about"),
    "decided_at": N_("Decided"),
    "until": N_("Until"),
    "acknowledged_at": N_("Acknowledged"),
    "appeal": N_("Appeal"),
    "line": N_("Line"),
    "objection": N_("What is wrong with it"),
    "contested_at": N_("Contested"),
    "answer": N_("Answer"),
    "appealed_at": N_("Appealed"),
    "why": N_("Why"),
    "made_at": N_("Made"),
    "withdrawn_at": N_("Withdrawn"),
    "joined_on": N_("Joined"),
    "about": N_("What you wrote of yourself"),
    "answer_by": N_("To be answered by"),
    "answered_at": N_("Answered"),
    "let_in": N_("Let in"),
    "recommends": N_("You recommend her"),
    "webp_in_base64": N_("The photo, as a WebP in base64"),
    "consent": N_("Version of the words you agreed to"),
    "consented_at": N_("Agreed"),
}
LETTERS = {
    "new_device": N_("A sign-in in a new browser"),
    "leaving": N_("Your account ends"),
    "leaving_undone": N_("You keep your account"),
    "export_ready": N_("Your data is ready"),
    "connection_requested": N_("A connection request"),
    "request_waits": N_("A connection request that waits"),
    "requests_restricted": N_("You can only be introduced for a while"),
    "question_asked": N_("A question to you"),
    "question_answered": N_("An answer to your question"),
    "connection_accepted": N_("You are connected"),
    "kind_answer": N_("A kind answer"),
    "introduction_asked": N_("An introduction that you are asked for"),
    "introduction_vouched": N_("Somebody vouches for an introduction"),
    "correction_asked": N_("A correction that you are asked for"),
    "words_corrected": N_("Corrected words"),
    "introduction_waits": N_("An introduction that waits"),
    "introduction": N_("An introduction"),
    "did_not_go_ahead": N_("Something that did not go ahead"),
    "in_touch": N_("Whether you are in touch"),
    "how_did_it_go": N_("How it went"),
    "sides_connected": N_("Two whom you introduced are connected"),
    "need_asked": N_("Somebody looks for somebody"),
    "sponsored": N_("About somebody whom you invited"),
    "moderation_noticed": N_("Our moderators wrote to you"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "closeness": labels.CLOSENESS,
    "kept": labels.CLOSENESS,
    "how_met": labels.HOW_MET,
    "asks_for": labels.ASKS_FOR,
    "last_spoke": labels.LAST_SPOKE,
    "my_outcome": labels.OUTCOMES,
    "my_reason": labels.REASONS,
    "band": labels.MY_BAND,
    "letter": LETTERS,
    "kind": {**safety_labels.REPORT_KINDS, **safety_labels.DECISIONS, **labels.LINES},
    "rule": safety_labels.RULES,
    "line": labels.LINES,
    "field": safety_labels.PROFILE_FIELDS,
}
"""What was chosen, by field."""
YES, NO = N_("Yes"), N_("No")


def told(document: DocumentView, language: str) -> list[tuple[str, list[Any]]]:
    """Every section that isn't empty, with its name; each thing in it as `_told` has it."""
    sections = [(name, things) for service in document.services.values() for name, things in service.items() if things]
    return [(_name(SECTIONS, name, language), [_told("", thing, language) for thing in things]) for name, things in sections]


def _told(field: str, value: Any, language: str) -> Any:
    """A thing as pairs of a field's name and its value, a list as a list, a time as a time, all else as text."""
    match value:
        case dict():
            return dict(_pairs(value, language))
        case list():
            return [_told(field, one, language) for one in value]
        case bool():
            return translate(language, YES if value else NO)
        case str() if field == "kind_answer":
            return SENTENCES[language].get(value, value)
        case str():
            return _time(field, value) or _name(CHOICES.get(field, {}), value, language, plain=value)
    return str(value)


def _pairs(thing: Mapping[str, Any], language: str) -> Iterator[tuple[str, Any]]:
    for field, value in thing.items():
        if value not in (None, "", [], {}):
            yield _name(FIELDS, field, language), _told(field, value, language)


def _time(field: str, value: str) -> datetime | None:
    if not field.endswith(("_at", "since", "_from", "_until")) and field != "at":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _name(names: Mapping[str, str], key: str, language: str, plain: str = "") -> str:
    return translate(language, names[key]) if key in names else plain or key.replace("_", " ")
