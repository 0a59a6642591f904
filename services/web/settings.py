"""What the web reads from the environment."""

from shared.process.settings import HttpSettings, HttpUrl


class Settings(HttpSettings):
    """What the pages need."""

    members_url: HttpUrl
    """The api of members."""
    requests_url: HttpUrl
    """The api of requests."""
    reputation_url: HttpUrl
    """The api of reputation."""
    web_url: HttpUrl
    """The public address of the pages; what is posted from elsewhere is refused."""
