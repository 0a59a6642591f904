"""Who sends letters, and where the pages are that they link to."""

from services.notify import mime
from services.notify.letters.links import Link
from services.notify.mime import Mailbox


class Sender:
    """The mailbox in From, and the address of the pages, without a slash at its end. `community` is what it is called, if it has a name."""

    def __init__(self, mailbox: Mailbox, web_url: str, community: str = "") -> None:
        self._mailbox, self.community = mailbox, community
        self.web_url = Link(web_url)
        self.domain = mime.ascii_address(mailbox.address).rpartition("@")[2]
        self.from_header = mime.mailboxes([mailbox])

    def of(self, community: str, sender: str) -> "Sender":
        """The same address in the name that the community's steward chose, if she did."""
        return Sender(Mailbox(sender or self._mailbox.name, self._mailbox.address), self.web_url, community)

    def link(self, *path: object) -> Link:
        """The address of a page."""
        return Link("/".join([self.web_url, *map(str, path)]))
