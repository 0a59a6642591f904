"""The worker: hears events, writes letters, delivers them."""

from services.notify import community, members, progress
from services.notify.delivery.connecting import Server
from services.notify.delivery.dispatch import Dispatcher, Pace
from services.notify.delivery.talkers import Manners
from services.notify.letters import registry
from services.notify.letters.sender import Sender
from services.notify.mime import Mailbox
from services.notify.settings import Settings
from shared.http import idempotency
from shared.messaging import member_copy
from shared.messaging.feature import Feature, Timer
from shared.postgres.database import Pool
from shared.process.worker import Worker

__all__ = ["Settings", "create", "features", "sender", "server"]


def sender(settings: Settings) -> Sender:
    """Who sends letters, and where they link to."""
    return Sender(Mailbox("Madrina", settings.mail_from), settings.web_url)


def server(settings: Settings) -> Server:
    """The mail server."""
    return Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
    )


def features(sender: Sender) -> list[Feature]:
    """What notify does with events and time, its letters in the name of `sender`."""
    own = [members.ADDRESSES, community.COMMUNITY, progress.PROGRESS, registry.feature(sender), idempotency.FEATURE]
    return [member_copy.feature("notify", members.PROFILE, own), *own]


def create(settings: Settings) -> Worker:
    """The worker with these settings, not yet running."""
    manners = Manners(connections=settings.smtp_connections, letters=settings.smtp_letters_per_connection)

    async def deliver(pool: Pool) -> None:
        # A dispatcher of its own each time: what an earlier one left behind is not this one's.
        await Dispatcher(pool, server(settings), settings.mail_from, manners, Pace()).run(settings.database_url.get_secret_value())

    delivery = Feature("delivery", timers=(Timer("delivery", 1.0, deliver),))
    return Worker("notify", settings, features=[*features(sender(settings)), delivery])
