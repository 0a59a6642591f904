"""What the service's processes read from the environment."""

from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from services.reputation.trust import PRODUCT, Settings
from shared.process import settings
from shared.process.settings import SettingsMixin


class TrustSettings(SettingsMixin):
    """How fast evidence fades. After a change, a worker makes every score anew when it starts."""

    half_life_good_days: float = Field(default=1095, ge=1, le=3650)
    """Days until good evidence weighs half."""
    half_life_bad_days: float = Field(default=1095, ge=1, le=3650)
    """Days until bad evidence weighs half."""

    @property
    def trust(self) -> Settings:
        good, bad = timedelta(days=self.half_life_good_days), timedelta(days=self.half_life_bad_days)
        return replace(PRODUCT, good_half_life=good, bad_half_life=bad)


class WorkerSettings(settings.WorkerSettings, TrustSettings):
    """The worker: its database, the broker, and how evidence fades."""
