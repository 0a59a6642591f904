"""Every part of the pages in every state, for those who build pages: on the local stack alone."""

from types import SimpleNamespace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.forms import Form
from services.web.visitors import Anyone
from shared.contracts.http.base import Card
from shared.problems import Invalid

router = APIRouter()

WOMEN = [
    Card(id=UUID(int=0x8C2F << 64 | number), name=name, headline=headline)
    for number, name, headline in (
        (0x5E9, "Valentina Rojas", "Hydrologist: groundwater and irrigation in dry places"),
        (0x3A60, "Grace Mwangi", "Solar cold stores"),
        (0x22C4, "Priya Raman", "Payments that work without a smartphone"),
        (0x7B11, "Marisol Quispe", "Founder of an alpaca weaving workshop"),
    )
]
MARKS = [UUID(int=0x9E3779B97F4A7C15 * number) for number in range(1, 36)]


@router.get("/design")
async def design(visit: Anyone) -> Response:
    """The parts, with invented women, in the language of the code."""
    visit.language = "en"
    filled = Form(values={"where": "The Thursday clinic in Leeds", "well": "know_well", "words_for": "We are moving two routes"})
    wrong = filled.with_errors(Invalid.sentence, why_now="Write at least 40 characters.")
    paged = SimpleNamespace(next=MARKS[0])
    return visit.page("design.html", women=WOMEN, marks=MARKS, form=filled, wrong=wrong, paged=paged)
