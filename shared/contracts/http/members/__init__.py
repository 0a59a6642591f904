"""The API of the members service."""

from shared.contracts.http.members import community, profiles, safety, signing_in

MODULES = (signing_in, profiles, safety, community)
"""Every module with routes."""
