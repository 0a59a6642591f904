"""What the service does with the events it hears."""

from services.reputation import ledger, members
from services.reputation.trust import HalfLives
from shared import clock
from shared.contracts.events.members import MemberErased, MemberJoined, ProfileChanged
from shared.contracts.events.requests import IntroductionConfirmed, OutcomesRevealed
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx


def consumers(lives: HalfLives) -> Handlers:
    """The service's consumers, with evidence that fades by these half-lives."""
    heard = Handlers("reputation")

    @heard.consumes_many(IntroductionConfirmed)
    async def keep_vouches(events: list[IntroductionConfirmed], tx: Tx) -> None:
        await ledger.keep_vouches(tx, events)

    @heard.consumes(OutcomesRevealed)
    async def keep_outcomes(event: OutcomesRevealed, tx: Tx) -> None:
        # The two events come in any order, and each tells of the vouch.
        await ledger.keep_vouches(tx, [event])
        await ledger.keep_outcomes(tx, event, clock.now(), lives)

    @heard.consumes(MemberJoined)
    async def keep_card(event: MemberJoined, tx: Tx) -> None:
        await members.keep_profile(tx, event.member_id, event.aggregate_version, event.name, event.headline)

    @heard.consumes(ProfileChanged)
    async def change_card(event: ProfileChanged, tx: Tx) -> None:
        await members.keep_profile(tx, event.member_id, event.aggregate_version, event.name, event.headline)

    @heard.consumes(MemberErased)
    async def erase_card(event: MemberErased, tx: Tx) -> None:
        await members.erase_profile(tx, event.member_id)

    return heard
