"""What the mailbox reads from the environment."""

from pathlib import Path

from shared.process.settings import SettingsMixin


class Settings(SettingsMixin):
    """What the mailbox needs."""

    port: int
    """Where the page is."""
    smtp_port: int
    """Where letters are taken."""
    mail_folder: Path
    """Where letters are kept."""
