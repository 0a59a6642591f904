"""Who sends letters, and where the pages are that they link to."""

from dataclasses import dataclass, field

from services.notify import mime
from services.notify.mime import Mailbox


@dataclass(frozen=True, slots=True)
class Sender:
    """The mailbox in From, and the address of the pages, without a slash at its end."""

    mailbox: Mailbox
    web_url: str
    domain: str = field(init=False)
    from_header: bytes = field(init=False)

    def __post_init__(self) -> None:
        address = mime.ascii_address(self.mailbox.address)
        object.__setattr__(self, "domain", address.rpartition("@")[2])
        object.__setattr__(self, "from_header", mime.mailboxes([self.mailbox]))

    def link(self, *path: object) -> str:
        """The address of a page."""
        return "/".join([self.web_url, *map(str, path)])
