"""When a voucher last spoke with each of the two: asked on both forms with her words; more than two years ago is pointed out once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.web.forms import Form
from services.web.i18n import N_
from services.web.visit import Visit
from shared import clock
from shared.contracts.http.requests.people import ConnectionView

LONG_AGO = N_(
    "You haven't spoken with one of them for more than two years. You might write to her first. If you send it as it is, your words say so."
)
_STILL_TRUE = timedelta(days=30)


def known(form: Form, connections: Mapping[UUID, ConnectionView]) -> Form:
    """The form with what she has said of her connections, as far as it is still true."""
    said = {f"last_spoke.{id_}": one.last_spoke for id_, one in connections.items() if one.last_spoke and _still_true(one)}
    return replace(form, values={**said, **form.values})


def _still_true(connection: ConnectionView) -> bool:
    said_at = connection.last_spoke_at
    return connection.last_spoke == "longer" or (said_at is not None and clock.now() - said_at < _STILL_TRUE)


def nudged(visit: Visit, form: Form) -> Form | None:
    """The form to be shown once more, before words are sent that will be dated; None if there is nothing to point out, or it has been."""
    if "longer" not in form.under("last_spoke").values() or form.value("dated") == "yes":
        return None
    return replace(form.with_errors(visit.say(LONG_AGO)), values={**form.values, "dated": "yes"})
