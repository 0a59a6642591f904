"""The API of the members service."""

from shared.contracts.http.members import (
    addresses,
    community,
    devices,
    directory,
    erasure,
    export,
    groups,
    joining,
    moderation,
    passkeys,
    photos,
    profiles,
    public_notices,
    safety,
    signing_in,
)

MODULES = (
    *(signing_in, directory, passkeys, devices, addresses, photos, profiles, safety, community),
    *(erasure, joining, groups, moderation, public_notices, export),
)
"""Every module with routes."""
