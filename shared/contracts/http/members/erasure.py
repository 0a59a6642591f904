"""Leaving, and staying after all."""

from shared.contracts.events.members import Language
from shared.contracts.http.base import Body, CommandRoute
from shared.problems import StepUpNeeded


class LeaveBody(Body):
    """`language` is the one she reads Madrina in just now, for the letters if she has no profile."""

    language: Language


LEAVE = CommandRoute(path="/v1/me/leaving", body=LeaveBody, problems=(StepUpNeeded,))
KEEP = CommandRoute(path="/v1/me/leaving/undo")
