"""Who exists for whom: the one predicate behind every read of another member here.

For a reader another member exists if she has an account, takes part, and neither blocked the other. Whatever is
missing, the reader finds nothing, by the same statements: the causes are never looked at one by one.
"""

from services.members.accounts import store as accounts
from services.members.safety import store as safety
from shared.http.routing import Pool_
from shared.http.tokens import CurrentMember
from shared.problems import AccountLeaving, AccountSuspended, NotSignedIn


def visible(reader: str, other: str) -> str:
    """SQL that is true if `other` exists for `reader`; both are SQL (a column or `$1`), never values."""
    return f"({accounts.taking_part(other)} and {safety.unblocked(reader, other)})"


async def takes_part(me: CurrentMember, pool: Pool_) -> None:
    """For every route that takes a member's token, but for those below: one issued before doesn't outlive her place here.

    Raises NotSignedIn if she is erased, AccountSuspended, AccountLeaving.
    """
    check_takes_part(await accounts.standing(pool, me))


def check_takes_part(standing: tuple[bool, bool] | None) -> None:
    """Raises NotSignedIn if she is erased, AccountSuspended, AccountLeaving."""
    if standing is None:
        raise NotSignedIn
    suspended, leaving = standing
    if leaving:
        raise AccountLeaving
    if suspended:
        raise AccountSuspended


async def has_account(me: CurrentMember, pool: Pool_) -> None:
    """For what is left to a suspended member, and to one in her last days: what concerns her own account. Raises NotSignedIn."""
    if await accounts.standing(pool, me) is None:
        raise NotSignedIn
