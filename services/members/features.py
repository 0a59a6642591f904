"""The features of the members service, in the order in which they take part when a member is suspended or erased.

The account goes last, after the addresses that are kept: the others find their rows by them.
"""

from services.members.accounts.feature import FEATURE as ACCOUNTS
from services.members.addresses.feature import FEATURE as ADDRESSES
from services.members.community.feature import FEATURE as COMMUNITY
from services.members.directory.feature import FEATURE as DIRECTORY
from services.members.erasure.feature import FEATURE as ERASURE
from services.members.export.feature import FEATURE as EXPORT
from services.members.groups.feature import FEATURE as GROUPS
from services.members.introduced.feature import FEATURE as INTRODUCED
from services.members.invitations.feature import FEATURE as INVITATIONS
from services.members.joining.feature import FEATURE as JOINING
from services.members.moderation.feature import FEATURE as MODERATION
from services.members.passkeys.feature import FEATURE as PASSKEYS
from services.members.photos.feature import FEATURE as PHOTOS
from services.members.profiles.feature import FEATURE as PROFILES
from services.members.public_notices.feature import FEATURE as PUBLIC_NOTICES
from services.members.safety.feature import FEATURE as SAFETY
from services.members.sessions.feature import FEATURE as SESSIONS
from shared.http import idempotency

FEATURES = (
    *(SESSIONS, PASSKEYS, PROFILES, PHOTOS, DIRECTORY, INTRODUCED, SAFETY, MODERATION, COMMUNITY, ERASURE, INVITATIONS, JOINING, EXPORT),
    *(PUBLIC_NOTICES, GROUPS, idempotency.FEATURE, ADDRESSES, ACCOUNTS),
)
