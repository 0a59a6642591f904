"""Streams, consumers, and what each broker user may do. Plain data: nothing here talks to the broker.

A service's user may publish its own events and look at how far its own streams have come, pull from its own consumers and
acknowledge there, and read its own inbox. It may do nothing else, so codes and addresses on `private.v1.>` reach notify alone.
"""

import re
from dataclasses import dataclass

from shared.contracts.events.heard import HEARS

DAYS_KEPT = 7
DUPLICATES_SECONDS = 10 * 60
MAX_ACK_PENDING = 5_000
MAX_DELIVER = -1  # the processor decides when an event is dead, and keeps it; the broker never gives up
PROVISIONER = "provisioner"


@dataclass(frozen=True)
class Stream:
    """One JetStream stream. A work queue forgets a message once it is acknowledged."""

    name: str
    subjects: tuple[str, ...]
    work_queue: bool = False
    message_ttl: bool = False
    ack_wait_seconds: int = 30
    """After how long what a killed worker had in its hands comes to another."""


@dataclass(frozen=True)
class Durable:
    """The one consumer of a service on a stream, with the subjects it hears there."""

    service: str
    stream: str
    subjects: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.service}_{self.stream.lower()}"


STREAMS = (
    Stream("MEMBERS", ("members.v1.>",)),
    Stream("PRIVATE", ("private.v1.>",), work_queue=True, message_ttl=True, ack_wait_seconds=10),
    Stream("REQUESTS", ("requests.v1.>",)),
    Stream("REPUTATION", ("reputation.v1.>",)),
    Stream("NOTIFY", ("notify.v1.>",)),
)

PUBLISHES: dict[str, tuple[str, ...]] = {
    "members": ("members.v1.>", "private.v1.>"),
    "requests": ("requests.v1.>",),
    "reputation": ("reputation.v1.>",),
    "notify": ("notify.v1.>",),
}
"""The subjects on which each service publishes. The service's name is also its broker user's."""


def stream_of(subject: str) -> str:
    """The stream that keeps a subject: `members.v1.member_joined` is in MEMBERS."""
    return subject.partition(".")[0].upper()


def published_by(service: str) -> list[str]:
    """The streams of which a service is the one publisher."""
    return [stream_of(subject) for subject in PUBLISHES[service]]


def durables(service: str | None = None) -> list[Durable]:
    """The consumers of one service, or of all."""
    found: list[Durable] = []
    for hearer, heard in HEARS.items():
        if service in (None, hearer):
            subjects = [event.type for event in heard]
            for stream in dict.fromkeys(map(stream_of, subjects)):
                found.append(Durable(hearer, stream, tuple(subject for subject in subjects if stream_of(subject) == stream)))
    return found


def inbox_prefix(user: str) -> str:
    """The prefix of the subjects on which a user, and nobody else, gets answers."""
    return f"_INBOX_{user}"


def _rights_of_service(service: str) -> list[str]:
    allowed = [*PUBLISHES[service], *(f"$JS.API.STREAM.INFO.{stream}" for stream in published_by(service))]
    for durable in durables(service):
        consumer = f"{durable.stream}.{durable.name}"
        allowed += [f"$JS.API.CONSUMER.INFO.{consumer}", f"$JS.API.CONSUMER.MSG.NEXT.{consumer}", f"$JS.ACK.{consumer}.>"]
    return allowed


def _rights_of_provisioner() -> list[str]:
    allowed = ["$JS.API.INFO"]
    for stream in STREAMS:
        allowed += [f"$JS.API.STREAM.{verb}.{stream.name}" for verb in ("INFO", "CREATE", "UPDATE")]
    for durable in durables():
        consumer = f"{durable.stream}.{durable.name}"
        allowed += [f"$JS.API.CONSUMER.{verb}.{consumer}" for verb in ("INFO", "CREATE", "DURABLE.CREATE", "DELETE")]
        # A consumer with one subject is created under a name that ends with it.
        allowed.append(f"$JS.API.CONSUMER.CREATE.{consumer}.>")
    return allowed


def users() -> tuple[str, ...]:
    """Every broker user there is."""
    return (*PUBLISHES, PROVISIONER)


def may_publish(user: str) -> list[str]:
    """The subjects a user may publish to, JetStream's API among them."""
    return _rights_of_provisioner() if user == PROVISIONER else _rights_of_service(user)


def render_server_config(passwords: dict[str, str], *, admin: tuple[str, str] | None = None) -> str:
    """The `authorization { … }` block of a NATS server's configuration, with the password (or its bcrypt hash) of every user.

    `admin` is a user and password that may do everything: for tests, and for an operator who needs it for an hour.
    Raises ValueError if a user has no password, or one that the file can't hold.
    """
    rendered = [_user(name, passwords.get(name, ""), may_publish(name), [f"{inbox_prefix(name)}.>"]) for name in users()]
    if admin:
        rendered.append(_user(admin[0], admin[1], [">"], [">"]))
    return "authorization {\n  users = [\n" + "\n".join(rendered) + "\n  ]\n}\n"


def _user(name: str, password: str, publish: list[str], subscribe: list[str]) -> str:
    if not re.fullmatch(r"[!#-\[\]-~]+", password):
        raise ValueError(f"the broker user {name} needs a password of printable ASCII without spaces, quotes or backslashes")
    return (
        f'    {{ user: "{name}", password: "{password}", permissions: {{\n'
        f"        publish: {{ allow: [{_list(publish)}] }}\n"
        f"        subscribe: {{ allow: [{_list(subscribe)}] }} }} }}"
    )


def _list(subjects: list[str]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
