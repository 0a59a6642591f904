"""What notify reads from the environment."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from services.notify import mime
from shared.process.settings import BrokerSettings, DatabaseSettings, HttpUrl, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """What the worker needs."""

    smtp_host: str
    smtp_port: int = Field(ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_connections: int = Field(default=8, ge=1, le=100)
    """Most conversations with the mail server at once, of one process."""
    mail_from: Annotated[str, AfterValidator(mime.ascii_address)]
    web_url: HttpUrl

    @model_validator(mode="after")
    def _whole_login(self) -> Self:
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("SMTP_USER and SMTP_PASSWORD come together or not at all")
        return self
