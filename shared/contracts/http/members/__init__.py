"""The API of the members service."""

from shared.contracts.http.members import profiles, signing_in

MODULES = (signing_in, profiles)
"""Every module with routes."""
