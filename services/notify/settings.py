"""What notify reads from the environment."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from services.notify import mime
from shared.process.settings import Encrypted, HttpUrl, WorkerSettings


class Settings(WorkerSettings):
    """What the notify worker needs."""

    smtp_host: str
    """The mail server."""
    smtp_port: int = Field(ge=1, le=65535)
    """Its port."""
    smtp_user: str | None = None
    """The user to log in as; with its password, or neither."""
    smtp_password: SecretStr | None = None
    """That user's password."""
    smtp_tls: Annotated[Literal["none", "starttls", "tls"], Encrypted(lambda tls: tls != "none")] = "starttls"
    """How the connection is encrypted."""
    smtp_connections: int = Field(default=8, ge=1, le=100)
    """The most connections of one process to the mail server; it may allow fewer."""
    smtp_letters_per_connection: int = Field(default=10, ge=1, le=10_000)
    """The most letters on one connection, before a new one is made: Exim keeps back an 11th until its next queue run."""
    mail_from: Annotated[str, AfterValidator(mime.ascii_address)]
    """The sender's address."""
    web_url: HttpUrl
    """The public address of the pages, to which letters link."""

    @model_validator(mode="after")
    def _whole_login(self) -> Self:
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("SMTP_USER and SMTP_PASSWORD come together or not at all")
        return self
