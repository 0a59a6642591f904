"""Who exists for whom: the one predicate behind every read of another member here.

For a reader another member exists if she has an account, isn't suspended, and neither blocked the other. Whatever is
missing, the reader finds nothing, by the same statements: the causes are never looked at one by one.
"""

from services.members.accounts import store as accounts
from services.members.safety import store as safety
from shared.http.routing import Pool_
from shared.http.tokens import CurrentMember
from shared.problems import AccountSuspended, NotSignedIn


def visible(reader: str, other: str) -> str:
    """SQL that is true if `other` exists for `reader`; both are SQL (a column or `$1`), never values."""
    return f"({accounts.taking_part(other)} and {safety.unblocked(reader, other)})"


async def takes_part(me: CurrentMember, pool: Pool_) -> None:
    """For every route that takes a member's token, but for those below: one issued before doesn't outlive her place here.

    Raises NotSignedIn if she is erased, AccountSuspended.
    """
    suspended = await accounts.standing(pool, me)
    if suspended is None:
        raise NotSignedIn
    if suspended:
        raise AccountSuspended


async def has_account(me: CurrentMember, pool: Pool_) -> None:
    """For what a suspended member keeps: her notices and her appeal, her export, her leaving. Raises NotSignedIn if she is erased."""
    if await accounts.standing(pool, me) is None:
        raise NotSignedIn
