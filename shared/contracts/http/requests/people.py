"""Connections: her people, and what she keeps of each."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from shared.contracts.events.requests import HowMet
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, Page, QueryRoute
from shared.contracts.http.requests.connections import Closeness, ClosenessBody, LastSpoke, ProvenanceBody
from shared.contracts.lengths import Line, Text
from shared.problems import NotFound, Problem
from shared.text import Words


class ChangedClosenessBody(ClosenessBody):
    """How well she knows the other now, and what she saw when she chose it."""

    seen: Closeness | None = None


class SeenProvenance(ProvenanceBody):
    """What stood there when she began: nothing in words if an introduction connected them."""

    where_we_met: Annotated[str, Words(0, 300)]


class ChangedProvenanceBody(ProvenanceBody):
    """Where they met, said her way, and what she saw when she began."""

    seen: SeenProvenance | None = None


class OpennessBody(Body):
    """Whether this connection may ask her for introductions; null: as all her connections may."""

    open_to_asks: bool | None


class ConnectionView(Answer):
    """A connection as one of the two sees it. All but the card and the day is hers alone: where they met is said as in the request until
    she says it her way. `last_spoke_at` is when she said so.

    `introduction_id`: by which they came together, and `introduced_by` whom, if she is there for the reader. They have no words of where
    they met then, until she writes hers.
    """

    member: Card
    closeness: Closeness
    since: datetime
    how_met: HowMet
    where_we_met: Text
    met_at: Line = ""
    last_spoke: LastSpoke | None = None
    last_spoke_at: datetime | None = None
    open_to_asks: bool | None = None
    introduction_id: UUID | None = None
    introduced_by: Card | None = None


class ClosenessChangedMeanwhile(
    Problem, code="closeness_changed", sentence="You changed this elsewhere in the meantime. Choose what should stay."
):
    """It isn't what she saw when she chose."""


class ProvenanceChangedMeanwhile(
    Problem, code="provenance_changed", sentence="You changed this elsewhere in the meantime. Look at it again, and save what should stay."
):
    """It isn't what she saw when she began."""


CONNECTIONS = QueryRoute(path="/v1/connections", answer=Page[ConnectionView], paged=True)
TIDY = QueryRoute(path="/v1/connections/tidy", answer=Page[ConnectionView])
CONNECTION = QueryRoute(path="/v1/connections/{member_id}", answer=ConnectionView, problems=(NotFound,))
SET_CLOSENESS = CommandRoute(
    method="PUT",
    path="/v1/connections/{member_id}/closeness",
    body=ChangedClosenessBody,
    problems=(NotFound, ClosenessChangedMeanwhile),
)
SET_PROVENANCE = CommandRoute(
    method="PUT",
    path="/v1/connections/{member_id}/provenance",
    body=ChangedProvenanceBody,
    problems=(NotFound, ProvenanceChangedMeanwhile),
)
SET_OPENNESS = CommandRoute(method="PUT", path="/v1/connections/{member_id}/openness", body=OpennessBody, problems=(NotFound,))
KEEP = CommandRoute(path="/v1/connections/{member_id}/keep", problems=(NotFound,))
REMOVE = CommandRoute(path="/v1/connections/{member_id}/remove", problems=(NotFound,))
