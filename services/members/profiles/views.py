"""Who may read which part of a profile."""

from uuid import UUID

from shared.contracts.http.members.profiles import OwnProfile, ProfileView

FIRST = {"name", "pronunciation", "headline"}
ALL = FIRST | {"organisation", "place", "languages", "time_zone", "help_with", "seeking"}


def view(profile: OwnProfile, member_id: UUID, reader: UUID) -> ProfileView:
    """What `reader` may read of this member's profile.

    With the visibility `connections`, others read her name, how it is said, and her headline: this service doesn't know her connections.
    """
    return ProfileView(
        id=member_id, **profile.model_dump(include=FIRST if reader != member_id and profile.visibility != "members" else ALL)
    )
