"""Who may read which part of a profile."""

from uuid import UUID

from shared.contracts.http.members.profiles import OwnProfile, ProfileView


def view(profile: OwnProfile, member_id: UUID, reader: UUID) -> ProfileView:
    """What `reader` may read of this member's profile.

    With the visibility `connections`, others read her name and headline: this service doesn't know her connections.
    """
    shown = {"name", "headline"}
    if reader == member_id or profile.visibility == "members":
        shown |= {"organisation", "place", "languages", "time_zone"}
    return ProfileView(id=member_id, **profile.model_dump(include=shown))
