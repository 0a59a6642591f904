"""Her data: asking for it, and taking it."""

from services.web.clients.base import Client, creates, reads
from shared.contracts.http.members import export


class Export(Client):
    """The members service's routes of it."""

    mine = reads(export.MY_EXPORT)
    ask = creates(export.ASK_EXPORT)
    take = reads(export.EXPORT)
