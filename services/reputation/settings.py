"""What the service's processes read from the environment."""

from datetime import timedelta

from pydantic import Field

from services.reputation.trust import HalfLives
from shared.process import settings
from shared.process.settings import DatabaseSettings, ServiceSettings, SettingsMixin


class TrustSettings(SettingsMixin):
    """How fast evidence fades. After a change, a worker makes every score anew when it starts."""

    half_life_good_days: float = Field(default=240, ge=1, le=3650)
    """Days until good evidence weighs half."""
    half_life_bad_days: float = Field(default=365, ge=1, le=3650)
    """Days until bad evidence weighs half."""

    @property
    def half_lives(self) -> HalfLives:
        return HalfLives(timedelta(days=self.half_life_good_days), timedelta(days=self.half_life_bad_days))


class WorkerSettings(settings.WorkerSettings, TrustSettings):
    """The worker: its database, the broker, and how evidence fades."""


class RebuildSettings(ServiceSettings, DatabaseSettings, TrustSettings):
    """The operator's command: the database and how evidence fades. It listens nowhere."""

    health_port: int = 0
