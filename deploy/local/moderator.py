"""What a moderator does in a case, for the demos; she is signed in with a passkey."""

from collections.abc import Mapping
from typing import Any

from deploy.local.client import Member, until
from shared.contracts.http.members import moderation


async def case_about(moderator: Member, member_id: str) -> str:
    """The latest case about that member in which there is something to do, as soon as there is one. Raises Unexpected."""
    found: list[str] = []

    async def there() -> bool:
        rows = (await moderator.read("members", moderation.CASES))["items"]
        found[:] = [row["id"] for row in rows if row["about"] and row["about"]["id"] == member_id]
        return bool(found)

    await until(there)
    return found[-1]


async def decide(moderator: Member, case_id: str, decision: Mapping[str, Any]) -> None:
    """She takes the case and decides it. Raises Unexpected."""
    await moderator.send("members", moderation.TAKE, case_id=case_id)
    await moderator.send("members", moderation.DECIDE, decision, case_id=case_id)
