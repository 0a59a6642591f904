"""What the web reads from the environment."""

from typing import Annotated

from pydantic import AfterValidator

from services.web import proxies
from shared.process.settings import Encrypted, HttpSettings, HttpUrl, LongKey, WebKeySettings


def _networks(listed: str) -> str:
    proxies.networks(listed)
    return listed


def _link(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("should start with http:// or https://")
    return url


class Settings(HttpSettings, WebKeySettings):
    """What the pages need."""

    members_url: HttpUrl
    """The api of members."""
    requests_url: HttpUrl
    """The api of requests."""
    reputation_url: HttpUrl
    """The api of reputation."""
    web_url: HttpUrl
    """The public address of the pages; what is posted from elsewhere is refused."""
    keep_key: LongKey
    """At least 32 characters, the same for every web process: seals what she wrote while she signs in again. To change it: `new,old`."""
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = ""
    """The networks of our own proxies, with commas between, whose `X-Forwarded-For` is believed; none: the peer is who asks."""
    run_by: str = ""
    """Who runs this Madrina and where, as the first page says it in every language: `Asociación Madrina, Valencia`."""
    run_by_url: Annotated[str, AfterValidator(_link), Encrypted(lambda url: not url.startswith("http:"))] = ""
    """The page that says more of who that is."""
    paid_by: str = ""
    """Who pays for it, so that it costs members nothing: a name. What isn't set, the first page leaves out."""
