"""What members can ask for: each command loads what its rule needs, and the rule decides.

Locks are taken in one order everywhere: pairs of members, what a member makes, what reaches a member, members, introductions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.requests import members
from services.requests.introductions import known, store
from services.requests.introductions.domain import answering, correcting, ending, in_touch, outcomes, vouching
from services.requests.introductions.domain.introduction import Changed, Introduction
from services.requests.introductions.domain.parts import Outcome
from services.requests.introductions.domain.vouching import SaidToHaveSpoken, VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.needs import store as needs
from services.requests.needs.domain import Need, meet
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomeAnswer
from shared.contracts.http.requests.introductions import HowNotToVouch, InTouch, VouchersReason
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class OnOne:
    """A command on one introduction that its member can see."""

    introduction_id: UUID

    async def load(self, tx: Tx, me: UUID) -> IntroductionRecord:
        """The introduction, locked. Raises NotFound if there is none for me."""
        record = await store.lock(tx, self.introduction_id)
        if record is None or not record.exists_for(me):
            raise NotFound
        if record.suspended:
            # She may have been reinstated while this waited for the row; then nobody but this command would confirm it.
            return replace(record, suspended=await members.suspended(tx, record.intro.participants))
        return record

    async def save(self, tx: Tx, record: IntroductionRecord, intro: Introduction) -> None:
        await store.save(tx, record.intro, intro)


@dataclass(frozen=True)
class Confirm:
    """Say yes, to the words of that version if it is given. To whoever asked by need it is the answer."""

    introduction_id: UUID
    words_version: int | None = None

    async def load(self, tx: Tx, me: UUID) -> tuple[IntroductionRecord, Need | None]:
        """With the ask by need that my yes would answer."""
        record = await OnOne(self.introduction_id).load(tx, me)
        return record, await needs.lock_answered(tx, record.intro.id) if record.intro.asked_later else None

    def decide(
        self, loaded: tuple[IntroductionRecord, Need | None], me: UUID, at: datetime
    ) -> tuple[tuple[Introduction, Need | None], list[Event]]:
        record, need = loaded
        intro, events = answering.confirm(record.intro, me, at, suspended=record.suspended, version=self.words_version)
        if need is None or intro.asked_later:
            return (intro, None), events
        met, told = meet(need, at)
        return (intro, met), [*events, *told]

    async def save(self, tx: Tx, loaded: tuple[IntroductionRecord, Need | None], after: tuple[Introduction, Need | None]) -> None:
        intro, need = after
        await store.save(tx, loaded[0].intro, intro)
        if need:
            await needs.save(tx, need)


class Pass(OnOne):
    """Say no, which doesn't show."""

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return answering.pass_(record.intro, me, at)


@dataclass(frozen=True)
class Decline(OnOne):
    """Not vouch: quietly, for a reason of mine, or in a sentence that the asker reads at once."""

    how: HowNotToVouch = "quietly"

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        match self.how:
            case "quietly":
                return ending.decline(record.intro, me, at)
            case "not_well_enough":
                return ending.decline(record.intro, me, at, reason=self.how)
            case kind_answer:
                return ending.decline_kindly(record.intro, me, kind_answer, at, suspended=record.suspended)


class Withdraw(OnOne):
    """Withdraw my ask."""

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return ending.withdraw(record.intro, me, at)


@dataclass(frozen=True)
class WithdrawVouch(OnOne):
    """Withdraw my vouch."""

    reason: VouchersReason | None = None

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return vouching.withdraw_vouch(record.intro, me, at, reason=self.reason)


@dataclass(frozen=True)
class AskCorrection(OnOne):
    """Ask the voucher to correct what is said of me."""

    correction: str

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return correcting.ask_correction(record.intro, me, self.correction, at, suspended=record.suspended)


@dataclass(frozen=True)
class Correct(OnOne):
    """Write other words for both."""

    words_for: Mapping[UUID, str]

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return correcting.correct(record.intro, me, self.words_for, at, suspended=record.suspended)


@dataclass(frozen=True)
class SayOutcome(OnOne):
    """Say how it went."""

    answer: OutcomeAnswer
    thank_you: str | None = None
    report: str | None = None

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        outcome = Outcome(self.answer, at, self.thank_you, self.report)
        return outcomes.say_outcome(record.intro, me, outcome, suspended=record.suspended, unasked=record.unasked)


@dataclass(frozen=True)
class SayInTouch(OnOne):
    """Say whether we are in touch, if I am to write first."""

    answer: InTouch

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return in_touch.say(record.intro, me, self.answer, at, suspended=record.suspended)


@dataclass(frozen=True)
class Vouch:
    """Vouch for it, with words for each side."""

    introduction_id: UUID
    words_for: Mapping[UUID, str]
    show_why_her: bool = False
    last_spoke: SaidToHaveSpoken = field(default_factory=dict)

    async def load(self, tx: Tx, me: UUID) -> tuple[IntroductionRecord, VoucherRecord]:
        await members.take_turns(tx, me)
        await members.reach_one_by_one(tx, await store.side_ids(tx, self.introduction_id))
        record = await OnOne(self.introduction_id).load(tx, me)
        return record, await known.voucher(tx, me, record.intro.side_ids, clock.now())

    def decide(self, loaded: tuple[IntroductionRecord, VoucherRecord], me: UUID, at: datetime) -> Changed:
        record, her = loaded
        shown = self.show_why_her
        return vouching.vouch(
            record.intro, me, self.words_for, at, her, show_why_her=shown, last_spoke=self.last_spoke, suspended=record.suspended
        )

    async def save(self, tx: Tx, loaded: tuple[IntroductionRecord, VoucherRecord], intro: Introduction) -> None:
        await store.save(tx, loaded[0].intro, intro)
