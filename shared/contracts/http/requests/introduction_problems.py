"""What can't be done with an introduction.

Each is shown only to the member concerned. What an asker may not know answers as CannotAsk, whatever the cause.
"""

from shared.problems import Field, Invalid, Problem


class CannotAsk(Problem, sentence="You can't ask for this introduction at the moment."):
    """The ask can't be made: absent, blocked, at rest, already open, suspended, not connected, or it may not reach one of them; never
    which of these.
    """


class AlreadyIntroduced(Problem, sentence="You were introduced to each other less than a year ago."):
    """Both sides know it; the email with their addresses has left."""


class TooManyOpenAsks(
    Problem,
    sentence="You have asked for as many introductions as can be open at once. When one of them is made or ends, you can ask again.",
):
    """5 of her asks look open to her."""


class CannotPropose(Problem, sentence="You can't propose this introduction at the moment."):
    """The proposal can't be made: one of the two is absent, suspended or not connected to her, it may not reach one of them, or others have
    introduced them lately."""


class IntroducedThem(Problem, sentence="You introduced these two to each other less than a year ago."):
    """Only the voucher who did is told so."""


class NotConnectedToBoth(Problem, sentence="You need to be connected to both of them to introduce them."):
    """The voucher needs a connection to each of the two."""


class CannotVouch(Problem, sentence="You can't vouch for this introduction at the moment."):
    """One of the two can't be introduced just now: paused, at her limit, or kept apart; never which of them, nor why."""


class KnowBothBetter(Problem, sentence="You can vouch for two women if you know both of them better than “We have met”."):
    """She has only met one of the two, or not even that."""


class TooManyOpenVouches(
    Problem,
    sentence="You are vouching for as many introductions as you can at once. When one of them is confirmed or ends, you can vouch again.",
):
    """She holds 5 open vouches, or 2 if her band is Mixed."""


class Suspended(Problem, status=403, sentence="You are suspended, so you can't do this for now."):
    """She may still say no and withdraw; she can't start, promise or agree to anything."""


class NotYours(Problem, status=403, sentence="This isn't yours to decide."):
    """Another of the three decides this."""


class NotNow(Problem, sentence="This can't be done as things stand now. Nothing has changed."):
    """The introduction isn't at that point."""


class AlreadyClosed(Problem, code="introduction_closed", sentence="This introduction is no longer open, so nothing has changed."):
    """The introduction has ended, as far as she may know."""


class AlreadyConfirmed(Problem, code="introduction_confirmed", sentence="Both have said yes already, so this can't be changed any more."):
    """Nothing closes after confirmation."""


class WordsChanged(Problem, sentence="The words have been corrected since you read them. Please read them again."):
    """Her yes was to other words."""


class AskedToCorrect(Problem, sentence="You have asked for a correction already. It is asked once."):
    """A side asks once, and this is another text."""


class AlreadyAnswered(Problem, sentence="You have already said how it went, and that stays as it is."):
    """An outcome is said once."""


class OnlyWorthwhileNow(Problem, sentence="The time for answers is over. You can still say that it was worthwhile."):
    """The outcomes have been revealed; a late answer can only be this one."""


class WordsForBoth(Invalid):
    """The words aren't for exactly the two sides."""

    def __init__(self) -> None:
        super().__init__(fields=[Field("words_for", "for_both")])
