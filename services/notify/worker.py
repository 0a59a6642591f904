"""The worker: hears events, writes letters, delivers them."""

from services.notify import counting
from services.notify.delivery.dispatch import Delivery, Pace
from services.notify.delivery.smtp import Server
from services.notify.handlers import consumers
from services.notify.letters.base import Office
from services.notify.mime import Mailbox
from services.notify.settings import Settings
from shared.process.worker import Timer, Worker

__all__ = ["Settings", "create", "office", "server"]


def office(settings: Settings) -> Office:
    """Who sends letters, and where they link to."""
    return Office(Mailbox("Madrina", settings.mail_from), settings.web_url)


def server(settings: Settings) -> Server:
    """The mail server."""
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
    )


def create(settings: Settings) -> Worker:
    """The worker with these settings, not yet running."""
    pace = Pace(connections=settings.smtp_connections)
    delivery = Delivery(server(settings), settings.mail_from, settings.database_url.get_secret_value(), pace)
    return Worker(
        "notify", settings, handlers=consumers(office(settings)), timers=[Timer("letters.count", 30, counting.count)], tasks=[delivery.run]
    )
