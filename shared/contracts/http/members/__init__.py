"""The API of the members service."""

from shared.contracts.http.members import profiles, safety, signing_in

MODULES = (signing_in, profiles, safety)
"""Every module with routes."""
