"""What the web reads from the environment."""

from shared.process.settings import HttpUrl, ServiceSettings


class Settings(ServiceSettings):
    """Where the services are, and under which address the pages are seen."""

    members_url: HttpUrl
    requests_url: HttpUrl
    reputation_url: HttpUrl
    web_url: HttpUrl
