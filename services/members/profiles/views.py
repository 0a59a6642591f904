"""Who may read which part of a profile."""

from uuid import UUID

from shared.contracts.http.members.profiles import OwnProfile, ProfileView

NOBODY = UUID(int=0)
FIRST = {"name", "pronunciation", "headline"}
ALL = FIRST | {"organisation", "place", "languages", "help_with", "seeking"}


def read_by_members(profile: OwnProfile) -> ProfileView:
    """What any member may read for whom she exists.

    With the visibility `connections` that is her name, how it is said, and her headline: this service doesn't know her connections.
    """
    return _shown(profile, NOBODY, ALL if profile.visibility == "members" else FIRST)


def view(profile: OwnProfile, member_id: UUID, reader: UUID) -> ProfileView:
    """What `reader` may read of this member's profile: of her own all that others might."""
    return _shown(profile, member_id, ALL) if reader == member_id else read_by_members(profile).model_copy(update={"id": member_id})


def _shown(profile: OwnProfile, member_id: UUID, fields: set[str]) -> ProfileView:
    return ProfileView(id=member_id, **profile.model_dump(include=fields))
