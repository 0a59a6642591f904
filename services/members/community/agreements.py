"""To what a member agreed: asked for when she joins, and again when a text that binds her has a new version."""

from datetime import datetime
from uuid import UUID

from services.members.community import store
from shared.contracts.http.members.community import NewerTerms, TextName
from shared.postgres.database import Pool, Tx


async def agree(tx: Tx, member_id: UUID, text: TextName, version: int, at: datetime) -> None:
    """She agreed to this version, which she had before her. Raises NewerTerms if it isn't the current one."""
    if version != await store.version(tx, text):
        raise NewerTerms
    await store.agree(tx, member_id, text, version, at)


async def missing(connection: Tx | Pool, member_id: UUID) -> int | None:
    """The version of the terms that she has yet to agree to; None if there is nothing to ask.

    Who has agreed to none came in under the first, which joining asks for.
    """
    return await store.to_agree(connection, member_id, "terms")
