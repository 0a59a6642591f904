"""The API of the members service."""

from shared.contracts.http.members import community, joining, profiles, safety, signing_in

MODULES = (signing_in, profiles, safety, community, joining)
"""Every module with routes."""
