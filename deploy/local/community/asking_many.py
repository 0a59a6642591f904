"""Catalina has asked many. Three of them say that they don't know her, so that for thirty days she may only be introduced.

She withdrew what they had answered so. The last of these ends showed exactly thirty days ago: whatever day it is today, that was last
month and is thirty days from the first of this one, but on the 31st of a month, when nobody is held to it.
"""

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from deploy.local.community.script import Connection
from services.requests.connections.domain import unknown

ASKING_MANY = (
    Connection(
        requester="catalina",
        recipient="valentina",
        how_met="work",
        where="La feria del agua de Antofagasta: tú medías pozos y yo vendía los filtros de una cooperativa de Pasto",
        why="Me dijiste qué filtro no servía antes de que lo comprara nadie. Quiero seguir preguntándote antes de vender.",
        closeness="know_well",
        her_closeness="know_well",
        asked=58,
        answered=57,
    ),
    Connection(
        requester="catalina",
        recipient="ines",
        how_met="event",
        where="La feria de la madera de Bilbao, en el puesto de las puertas restauradas",
        why="Llevo a una carpintería de Popayán que hace bisagras de tagua, y tú eras la única que preguntaba cuánto aguantan.",
        closeness="met",
        her_closeness="met",
        asked=58,
        answered=56,
    ),
    Connection(
        requester="catalina",
        recipient="carmen",
        how_met="online",
        where="Tu charla sobre cooperativas, que vi dos veces seguidas",
        why="Preparo a ocho talleres para vender juntos en Europa y no sé si les conviene ser cooperativa. Me gustaría oír qué no harías.",
        closeness="not_met",
        asked=57,
        answered=55,
        answer="decline",
        kind_answer="wish_you_well",
    ),
    Connection(
        requester="catalina",
        recipient="elena",
        how_met="online",
        where="El reportaje de La Medida sobre lo que viaja vacío en los barcos",
        why="Mis talleres pagan ese viaje vacío. Tengo las facturas de tres años y te las enseño si quieres seguir contándolo.",
        closeness="not_met",
        asked=56,
        answered=54,
        answer="decline",
        kind_answer="read_it",
    ),
    Connection(
        requester="catalina",
        recipient="maeve",
        how_met="online",
        where="The trailer of your film on harbours, which a weaver sent me",
        why="I take small workshops from the Andes to European fairs, and one of them would make a better film than I make a stand.",
        closeness="not_met",
        asked=56,
        answered=46,
        answer="withdraw",
    ),
    Connection(
        requester="catalina",
        recipient="hannah",
        how_met="online",
        where="A list of speakers for the building fair in Stockholm",
        why="I represent a sawmill in Caquetá with certified timber and would like to send you their catalogue and prices this month.",
        closeness="not_met",
        asked=55,
        answered=53,
        answer="decline",
        unknown=True,
        withdrawn=40,
    ),
    Connection(
        requester="catalina",
        recipient="priya",
        how_met="online",
        where="An article on payments by text message that quoted you",
        why="My eight workshops are paid late by every platform. I'd like half an hour of yours to hear which one you would sign with.",
        closeness="not_met",
        asked=54,
        answered=52,
        answer="decline",
        unknown=True,
        withdrawn=35,
    ),
    Connection(
        requester="catalina",
        recipient="ruth",
        how_met="online",
        where="The directory of law centres in Leeds",
        why="One of my workshops has a contract with a shop in York that I can't read. Could you look at it before they sign on Monday?",
        closeness="not_met",
        asked=53,
        answered=51,
        answer="decline",
        unknown=True,
        withdrawn=30,
    ),
)


def only_introduced_until(at: datetime) -> datetime | None:
    """Until when she may only be introduced, if the story ends at that time; None on the 31st of a month."""
    ends = [
        unknown.End(uuid5(NAMESPACE_OID, one.recipient), at - timedelta(days=_ended(one)), one.unknown)
        for one in sorted(ASKING_MANY, key=_ended, reverse=True)
    ]
    begins = unknown.restricted_from(ends, None)
    return unknown.restricted_until(begins, at)


def _ended(request: Connection) -> int:
    """Days ago."""
    ended = request.answered if request.withdrawn is None else request.withdrawn
    assert ended is not None  # noqa: S101 — none of hers was left to end by itself
    return ended
