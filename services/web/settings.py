"""What the web reads from the environment."""

from pydantic import Field, SecretStr

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
    keep_key: SecretStr = Field(min_length=32)
    """At least 32 characters, the same for every web process: seals what she wrote while she signs in again. To change it: `new,old`."""
