"""Fixed answers in her language: how well, how met, bands, outcomes, the lines of the ledger."""

from services.web.i18n import N_, translate

CLOSENESS = {
    "worked_together": N_("We have worked together"),
    "know_well": N_("I know her well"),
    "met": N_("We have met"),
}
HOW_MET = {
    "work": N_("At work"),
    "study": N_("Studying"),
    "event": N_("At an event"),
    "neighbourhood": N_("In the neighbourhood"),
    "community": N_("In a community"),
    "through_someone": N_("Through someone"),
    "online": N_("Online"),
    "not_yet": N_("We haven't met yet"),
}
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
    "did_not_meet": N_("We haven't been in touch"),
    "not_as_described": N_("It wasn't as described"),
    "misconduct": N_("She behaved badly towards me"),
}
LINES = {
    "start": N_("Where everyone starts"),
    "good": N_("Introductions both found worthwhile"),
    "mutual": N_("Worthwhile, from women you have also rated well"),
    "bad": N_("Introductions that weren't as described"),
    "newcomer": N_("Women who vouched for you as a newcomer"),
}
PARTS = {
    "members": N_("Signing in and profiles"),
    "requests": N_("Connections and introductions"),
    "reputation": N_("Trust"),
}
DONE = {
    "joined": N_("Welcome. You are a member now."),
    "profile": N_("Your profile is saved."),
    "asked": N_("Your request is on its way."),
    "connected": N_("You are connected now."),
    "closeness": N_("Saved. Only you see this."),
    "declined": N_("All right. She won't be told."),
    "withdrawn": N_("It is withdrawn."),
    "ask": N_("Your ask is on its way."),
    "vouched": N_("Thank you for standing up for them. They hear from us now."),
    "proposed": N_("Both hear from us now, with your words."),
    "confirmed": N_("You said yes."),
    "passed": N_("All right. Nobody will be told that you passed."),
    "outcome": N_("Thank you for telling us."),
    "signed_out": N_("You are signed out."),
}
# Names of languages as members say them, of those most often spoken here; others show as their code.
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


class Words:
    """The texts above in one language."""

    spoken = SPOKEN

    def __init__(self, language: str) -> None:
        self.closeness = _all(CLOSENESS, language)
        self.how_met = _all(HOW_MET, language)
        self.bands = _all(BANDS, language)
        self.my_band = _all(MY_BAND, language)
        self.outcomes = _all(OUTCOMES, language)
        self.lines = _all(LINES, language)
        self.parts = _all(PARTS, language)
        self.done = _all(DONE, language)


def _all(texts: dict[str, str], language: str) -> dict[str, str]:
    return {name: translate(language, text) for name, text in texts.items()}
