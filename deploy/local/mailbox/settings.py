"""What the mailbox reads from the environment."""

from pathlib import Path

from shared.process.settings import SettingsMixin


class Settings(SettingsMixin):
    """What the mailbox needs."""

    host: str = "127.0.0.1"
    """The address of both. Whoever reaches it reads every letter."""
    port: int
    """Where the page is."""
    smtp_port: int
    """Where letters are taken."""
    mail_folder: Path
    """Where letters are kept."""
