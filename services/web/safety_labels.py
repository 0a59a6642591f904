"""The labels of what is reported to moderators, and of what they decide."""

from services.web.i18n import N_

MISCONDUCT = N_("She behaved badly towards me")
"""What a side says of an introduction."""
REPORT_KINDS = {
    "harassment": N_("She harasses me, or threatens me"),
    "remarks": N_("Remarks about my body, or advances"),
    "not_as_described": N_("She isn't as she, or another, described her"),
    "impersonation": N_("She says that she is somebody else"),
    "spam": N_("She sells, recruits, or writes the same to everyone"),
    "other": N_("Something else"),
}
"""What she can tell moderators of."""
ILLEGAL = N_("What stands here is against the law")
"""And what anybody can, who is no member."""
REPORT_STATES = {
    "received": N_("It has arrived"),
    "looked_at": N_("It is being looked at"),
    "decided": N_("It is decided"),
}
ATTACHED = {
    "profile": N_("What her page says"),
    "where_we_met": N_("What she wrote of how you met"),
    "note": N_("What she wrote to you"),
    "question": N_("The question she asks of everyone"),
    "answer": N_("Her answer to your question"),
    "clarifying_question": N_("What she asked you"),
    "clarifying_answer": N_("What she answered you"),
    "why_her": N_("Why the introduction was asked for"),
    "voucher_words": N_("What was written for the introduction"),
}
"""Texts that she can send along."""
REPORTED_PHOTO = {
    "shown": N_("About the photo that she shows now."),
    "replaced": N_("About a photo that she has replaced since."),
    "gone": N_("About a photo that she has taken back since."),
}
DECISIONS = {
    "dismiss": N_("It was looked at again, and nothing holds"),
    "change": N_("Please change something on your profile"),
    "limit": N_("For a while you are introduced by others only"),
    "suspend": N_("Your account is suspended"),
    "remove": N_("Your account is removed"),
    "hold": N_("Your account is suspended while we look into it"),
}
"""What moderators decided, as the member it is about reads it."""
DECIDING = {
    "dismiss": N_("Dismiss it: she is told nothing"),
    "change": N_("Ask her to change something on her profile"),
    "limit": N_("Let others introduce her only"),
    "suspend": N_("Suspend her"),
    "remove": N_("Remove her: suspended now, erased once she can't appeal any more"),
    "hold": N_("Suspend her for 72 hours at most, while we look into it"),
}
RULES = {
    "respect": N_("Nobody is harassed or threatened here"),
    "advances": N_("This is no place for remarks or advances"),
    "truth": N_("What you say of yourself and of others is true"),
    "identity": N_("You are here as yourself"),
    "selling": N_("Nothing is sold here, and nobody is recruited"),
    "other": N_("Another rule of the community"),
}
REPORTED = {
    "harassment": N_("Harassment"),
    "remarks": N_("Remarks or advances"),
    "not_as_described": N_("Not as described"),
    "impersonation": N_("Impersonation"),
    "illegal": N_("Against the law"),
    "spam": N_("Spam or recruiting"),
    "misconduct": N_("After an introduction"),
    "other": N_("Something else"),
}
"""What a report is about, for moderators."""
CASE_STATES = {
    "open": N_("to be decided"),
    "decided": N_("decided"),
    "appealed": N_("she appeals"),
    "settled": N_("settled"),
}
PROFILE_FIELDS = {
    "name": N_("the name"),
    "headline": N_("what it says you do"),
    "organisation": N_("the organisation"),
    "place": N_("the place"),
    "photo": N_("the photo"),
}
ACTIONS = {
    "opened": N_("a report came"),
    "read": N_("read what was reported"),
    "took": N_("took it"),
    "handed_over": N_("handed it over"),
    "noted": N_("noted something"),
    "decided": N_("decided"),
    "acknowledged": N_("she has read it"),
    "appealed": N_("she appeals"),
    "settled": N_("settled"),
    "notice_read": N_("read a public notice"),
    "notice_answered": N_("answered a public notice"),
    "let_in": N_("let her in"),
    "not_now": N_("answered a request to join: not now"),
    "circles_read": N_("looked at the closed circles"),
}
COUNTED = {"reports": N_("Reports"), "decisions": N_("Decisions"), "appeals": N_("Appeals")}
COUNTED_DECISIONS = {
    "dismiss": N_("Dismissed"),
    "change": N_("A change of a profile asked for"),
    "limit": N_("Introduced by others only, for a while"),
    "suspend": N_("Suspended"),
    "remove": N_("Removed"),
    "hold": N_("Suspended while it was looked into"),
}
COUNTED_APPEALS = {"granted": N_("The decision no longer holds"), "dismissed": N_("Another decision, or the same")}

EVERY = {
    "counted": COUNTED,
    "counted_reports": REPORTED,
    "counted_decisions": COUNTED_DECISIONS,
    "counted_appeals": COUNTED_APPEALS,
    "decisions": DECISIONS,
    "deciding": DECIDING,
    "rules": RULES,
    "reported": REPORTED,
    "case_states": CASE_STATES,
    "profile_fields": PROFILE_FIELDS,
    "actions": ACTIONS,
    "report_kinds": REPORT_KINDS,
    "notice_kinds": {**REPORT_KINDS, "illegal": ILLEGAL},
    "all_report_kinds": {**REPORT_KINDS, "illegal": ILLEGAL, "misconduct": MISCONDUCT},
    "report_states": REPORT_STATES,
    "attached": ATTACHED,
    "reported_photo": REPORTED_PHOTO,
}
