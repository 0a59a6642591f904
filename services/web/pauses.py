"""A pause that she takes together with an answer: a command of its own, so that the answer knows nothing of it."""

from uuid import NAMESPACE_OID, uuid5

from services.web.forms import Form
from services.web.visit import Visit
from shared.contracts.http.requests.reach import PauseBody


async def with_answer(visit: Visit, form: Form) -> bool:
    """Pause if she chose to, before her answer is sent: what is wrong with the pause leaves the answer unsaid. Raises ServiceProblem."""
    if not form.value("how_long"):
        return False
    await visit.requests.pause(form.typed(PauseBody), key=str(uuid5(NAMESPACE_OID, f"pause {form.key}")))
    return True
