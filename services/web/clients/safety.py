"""The members service: whom she blocks, and what she tells moderators."""

from services.web.clients.base import Client, creates, does, reads
from shared.contracts.http.members import safety as api


class Safety(Client):
    """Its routes for her safety."""

    blocks = reads(api.BLOCKS)
    blocked = reads(api.BLOCKED)
    block = does(api.BLOCK)
    unblock = does(api.UNBLOCK)
    report = creates(api.REPORT)
    my_reports = reads(api.MY_REPORTS)
    my_report = reads(api.MY_REPORT)
