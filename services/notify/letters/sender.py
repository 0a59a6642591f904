"""Who sends letters, and where the pages are that they link to."""

from services.notify import mime
from services.notify.letters.links import Link
from services.notify.mime import Mailbox


class Sender:
    """The mailbox in From, and the address of the pages, without a slash at its end."""

    def __init__(self, mailbox: Mailbox, web_url: str) -> None:
        self.web_url = Link(web_url)
        self.domain = mime.ascii_address(mailbox.address).rpartition("@")[2]
        self.from_header = mime.mailboxes([mailbox])

    def link(self, *path: object) -> Link:
        """The address of a page."""
        return Link("/".join([self.web_url, *map(str, path)]))
