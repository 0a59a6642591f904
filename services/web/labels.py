"""The labels of choices and of what is shown of them, in her language."""

from functools import cache

from markupsafe import Markup, escape

from services.web import safety_labels
from services.web.i18n import N_, translate
from services.web.presenters import sort_key
from services.web.texts import TITLES
from shared import languages
from shared.contracts.kind_answers import SENTENCES
from shared.names import isolate

CLOSENESS = {
    "worked_together": N_("We have worked together"),
    "know_well": N_("I know her well"),
    "met": N_("We have met"),
    "not_met": N_("We haven't met yet"),
}
HOW_MET = {
    "work": N_("At work"),
    "study": N_("While studying"),
    "event": N_("At an event"),
    "neighbourhood": N_("In the neighbourhood"),
    "community": N_("In a community"),
    "through_someone": N_("Through someone"),
    "online": N_("Online"),
    "not_yet": N_("We haven't met yet"),
}
HOW_YOU_MET = {
    "work": N_("You met at work"),
    "study": N_("You met while studying"),
    "event": N_("You met at an event"),
    "neighbourhood": N_("You met in the neighbourhood"),
    "community": N_("You met in a community"),
    "through_someone": N_("You met through someone"),
    "online": N_("You met online"),
    "not_yet": N_("You haven't met yet"),
}
"""The same, told to either of the two."""
MET_AT = {
    "work": N_("Which company or organisation?"),
    "study": N_("Which school or course?"),
    "event": N_("Which event?"),
    "community": N_("Which community?"),
}
"""What is asked of each way of having met that has a name."""
ASKS_FOR = {
    "twenty_minutes": N_("20 minutes of her time"),
    "advice": N_("Advice"),
    "mentoring": N_("Mentoring"),
    "referral": N_("A referral"),
    "other": N_("Something else"),
}
"""What a requester may ask for, as she chooses it."""
ASKED_FOR = {**ASKS_FOR, "twenty_minutes": N_("20 minutes of your time")}
"""The same, told to the recipient."""
HOW_WELL = {
    "worked_together": N_("You have worked together"),
    "know_well": N_("You know her well"),
    "met": N_("You have met"),
    "not_met": N_("You haven't met yet"),
}
"""What she said of how well she knows her, told to her alone."""
REASONS = {
    "not_well_enough": N_("I don't know one of them well enough"),
    "know_more": N_("I know something now that I didn't know then"),
    "not_the_moment": N_("It isn't the moment any more"),
    "too_quickly": N_("I gave my word too quickly"),
}
"""Why a voucher said no or withdrew her word, told to her alone."""
QUIET = {
    "quietly": N_("Quietly, so that she isn't told"),
    "unknown": N_("Quietly, because I don't know her"),
}
"""Noes that are none of the kind sentences."""
LAST_SPOKE = {
    "month": N_("In the last month"),
    "year": N_("In the last year"),
    "two_years": N_("One or two years ago"),
    "longer": N_("Longer ago"),
}
"""When they last spoke, counted back from the day she says so."""
OPENNESS = {
    "as_all": N_("The same as for all my people"),
    "yes": N_("Yes, she may"),
    "no": N_("No, not her"),
}
"""Whether one connection may ask her for introductions."""
BANDS = {
    "building": N_("Building trust"),
    "established": N_("Established trust"),
}
MY_BAND = {
    "new": N_("New"),
    "building": N_("Building"),
    "established": N_("Established"),
    "mixed": N_("Mixed"),
}
OUTCOMES = {
    "worthwhile": N_("It was worthwhile"),
    "did_not_meet": N_("We didn't meet"),
    "not_as_described": N_("It wasn't as described"),
    "misconduct": safety_labels.MISCONDUCT,
}
LINES = {
    "start": N_("Where everyone starts"),
    "good": N_("Introductions found worthwhile"),
    "mutual": N_("Worthwhile, from women you praised too"),
    "bad": N_("Introductions that weren't as described"),
    "upheld": N_("Reports that proved true, about you or a woman you vouched for"),
    "newcomer": N_("Women who vouched for you as a newcomer"),
}
NUMBERS = {
    "2": N_("Two"),
    "3": N_("Three"),
    "4": N_("Four"),
    "5": N_("Five"),
    "6": N_("Six"),
    "7": N_("Seven"),
    "8": N_("Eight"),
    "9": N_("Nine"),
    "10": N_("Ten"),
    "11": N_("Eleven"),
    "12": N_("Twelve"),
}
PARTS = {
    "members": N_("Signing in and profiles"),
    "requests": N_("Connections and introductions"),
    "reputation": N_("Trust"),
}
BARS = {
    "anyone": N_("Anyone who says how she knows me, or knows of me"),
    "met": N_("Women I have met"),
    "introduced": N_("Nobody: only through an introduction"),
}
READ_BY = {
    "members": N_("Every member who comes to my page"),
    "connections": N_("Nobody: only my name and what I do, for now"),
}
"""Who reads the rest of her page."""
SAID = {"yes": N_("Yes"), "": N_("No")}
HOW_LONG = {
    "two_weeks": N_("For two weeks"),
    "month": N_("For a month"),
    "date": N_("Until a day that I choose"),
}
JOINS = {
    "invited": N_("Only who is invited"),
    "by_request": N_("Who is invited, and who asks and is answered yes by a moderator"),
    "open": N_("Any woman with an email address"),
    "": "",
}
"""Who may join, as a steward chooses it."""
CHANGED = {
    "name": N_("The name"),
    "sender": N_("The sender of emails"),
    "logo": N_("The logo"),
    "who_may_join": N_("Who may join"),
    "announcement": N_("The announcement"),
    "terms": N_("The terms, by version"),
    "rules": N_("The rules, by version"),
    "about": N_("About, by version"),
    "privacy": N_("Privacy, by version"),
}
"""What a steward changed."""
STEPS = {
    "invited": N_("Were invited"),
    "joined": N_("Came in"),
    "profile": N_("Wrote their page"),
    "request": N_("Asked to connect, for the first time"),
    "introduction": N_("Were introduced, for the first time"),
    "vouch": N_("Vouched, for the first time"),
}
"""What women do on their way in, in this order."""
DONE = {
    "discreet": N_("Saved. Only you see this."),
    "settled": N_("Saved. Pages say so within half a minute."),
    "published": N_("It is published."),
    "decided": N_("Decided."),
    "notice_answered": N_("Answered. Whoever wrote it reads it."),
    "contested": N_("Sent. A moderator will look at it."),
    "contest_decided": N_("Decided. She reads your answer on her page."),
    "acknowledged": N_("Thank you."),
    "appealed": N_("Sent. You hear from us by email."),
    "blocked": N_("Done. She isn't told."),
    "unblocked": N_("You took it back. She isn't told of that either."),
    "told": N_("Thank you for telling us."),
    "reach": N_("Saved. Only you see this."),
    "paused": N_("Done. From tomorrow nothing new reaches you, for as long as you chose."),
    "pause_planned": N_("Done. Nothing new reaches you on the days you chose."),
    "pause_ended": N_("Your pause is over. You can be reached again."),
    "excluded": N_("Done. Only you see your list."),
    "included": N_("It is no longer on your list."),
    "joined": N_("You are a member now."),
    "invited": N_("Here is the link. Send it to her in your own words."),
    "invitation_taken_back": N_("It is taken back, and lets nobody in."),
    "invited_by_letter": N_(
        "It is made. If we may write to that address, our email is on its way; you can send the link yourself as well."
    ),
    "asked_to_join": N_("Your request is on its way. We have written to you as well."),
    "recommended": N_("Saved. She isn't told."),
    "released": N_("Done. You hear nothing more of it, and she isn't told."),
    "profile": N_("Your profile is saved."),
    "export": N_("Your data is ready. We tell you by email as well."),
    "photo": N_("Your photo is shown on your page."),
    "photo_gone": N_("Your photo is deleted."),
    "asked_to_connect": N_("Your request is on its way."),
    "closeness": N_("Saved. Only you see this."),
    "removed": N_("You are no longer connected."),
    "declined": N_("All right. She won't be told."),
    "declined_kindly": N_("We are writing to her now, with that sentence."),
    "said_back": N_("We are writing to her now, with your words."),
    "withdrawn": N_("It is withdrawn."),
    "asked": N_("You asked for the introduction."),
    "vouched": N_("Thank you for vouching for them. We are writing to them now."),
    "proposed": N_("We are writing to both now, with your words."),
    "passed": N_("All right. Nobody will be told that it was you."),
    "asked_to_correct": N_("We are telling her, and nobody else."),
    "corrected": N_("We are writing to those who had said yes, with your new words."),
    "outcome": N_("Thank you for telling us."),
    "asked_need": N_("You told her. She decides in her own time."),
    "answered_need": N_("We are writing to her now. She is asked first."),
    "kept": N_("Saved. She doesn't learn of it unless she says so too."),
    "let_go": N_("All right. Nobody knew of it."),
    "in_touch": N_("That is good to hear. Only you see that you said so."),
    "dismissed": N_("All right. You won't see that again."),
    "passkey_added": N_("Your passkey is ready. Next time, use it in place of the code."),
    "address_changed": N_("Your address is changed. If somebody else could be signed in as you, end all others here."),
    "address_back": N_("It is done, and you are signed out everywhere. Sign in with the address that you had."),
    "passed_on": N_("Introductions pass on this address from now on."),
    "passed_on_first": N_("It is removed. Introductions pass on the address you sign in with."),
    "passkey_removed": N_("It is removed, and opens nothing any more."),
    "session_ended": N_("It is signed out there."),
    "sessions_ended": N_("You are signed out everywhere but here."),
    "asked_again": N_("You asked again. Please look at the newest email."),
    "leaving": N_("Your account ends in seven days. If you change your mind, sign in before then and keep it."),
    "kept_account": N_("You keep your account. Everything is as it was."),
    "signed_out": N_("You are signed out."),
    "signed_out_here": N_(
        "You are signed out in this browser. We couldn't reach our server to end the session there too; it ends by itself after 30 days."
    ),
}
# Names of languages as members say them, of those most often spoken here: these are offered first.
SPOKEN = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "fr": "Français",
    "it": "Italiano",
    "de": "Deutsch",
    "ca": "Català",
    "eu": "Euskara",
    "gl": "Galego",
    "nl": "Nederlands",
    "pl": "Polski",
    "ar": "العربية",
}

ANOTHER_LANGUAGE = N_("Another language")

CONSENTS = {name: title for name, (title, _) in TITLES.items()} | {
    "photo": N_("That your photo is shown"),
    "group": N_("That you may be suggested to your group"),
}

EVERY = {
    "consents": CONSENTS,
    "joins": JOINS,
    "changed": CHANGED,
    "steps": STEPS,
    "closeness": CLOSENESS,
    "how_met": HOW_MET,
    "how_you_met": HOW_YOU_MET,
    "met_at": MET_AT,
    "asks_for": ASKS_FOR,
    "asked_for": ASKED_FOR,
    "how_well": HOW_WELL,
    "last_spoke": LAST_SPOKE,
    "openness": OPENNESS,
    "bars": BARS,
    "read_by": READ_BY,
    "how_long": HOW_LONG,
    "bands": BANDS,
    "my_band": MY_BAND,
    "outcomes": OUTCOMES,
    "lines": LINES,
    "numbers": NUMBERS,
    "parts": PARTS,
    "reasons": REASONS,
    **safety_labels.EVERY,
}


def of(language: str) -> dict[str, dict[str, str]]:
    """What templates call `labels`: the texts above in that language."""
    told = {kind: {name: translate(language, text) if text else "" for name, text in texts.items()} for kind, texts in EVERY.items()}
    return {**told, "kind_answers": dict(SENTENCES[language])}


def spoken(code: str, reader: str) -> Markup:
    """A language as it calls itself, marked as being in it; else as the reader's language calls it."""
    if own := SPOKEN.get(code) or languages.own_name(code):
        return Markup('<span lang="{}">{}</span>').format(code, isolate(own[0].upper() + own[1:]))
    return escape(languages.every(reader).get(code) or translate(reader, ANOTHER_LANGUAGE))


@cache
def other_languages(reader: str) -> list[str]:
    """The names, in the reader's language, of all that aren't offered first, by name."""
    return sorted((name for code, name in languages.every(reader).items() if code not in SPOKEN), key=sort_key)
