"""docs/processing.md: the record of processing, written from what each feature says in `retain`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from services.members.features import FEATURES as MEMBERS
from services.notify import worker as notify
from services.notify.letters.sender import Sender
from services.notify.mime import Mailbox
from services.reputation.worker import FEATURES as REPUTATION
from services.requests.worker import FEATURES as REQUESTS
from shared.messaging import retention
from shared.messaging.feature import Feature

SERVICES: Mapping[str, Sequence[Feature]] = {
    "members": MEMBERS,
    "requests": REQUESTS,
    "reputation": REPUTATION,
    "notify": notify.features(Sender(Mailbox("Madrina", "madrina@example.com"), "https://madrina.example.com")),
    "every service": (retention.FEATURE,),
}
"""Whatever keeps something, in the order of the page. What all features of a name say stands with the first service that has it."""

_INTRO = """# The record of processing

What each service keeps of a member, why, for how long, and who sees it. Written by `make documents` from the features' `retain`; a time
here is the one after which a timer deletes, and a test tries each. The rules behind it stand in [privacy](privacy.md), what she
takes with her in [her data](her-data.md).
"""


def render() -> str:
    """The whole page."""
    return "\n".join([_INTRO, *_sections(SERVICES)])


def _sections(services: Mapping[str, Sequence[Feature]]) -> Iterator[str]:
    for service, features in services.items():
        yield f"## {service[0].upper()}{service[1:]}\n"
        yield "| feature | what | why | for how long | who sees it |"
        yield "|---|---|---|---|---|"
        for feature in features:
            for row in feature.retain:
                yield f"| {feature.name} | {row.what} | {row.why} | {told(row.for_how_long)} | {row.who_sees} |"
        yield ""


def told(for_how_long: timedelta | str) -> str:
    """A time in its largest whole unit."""
    if isinstance(for_how_long, str):
        return for_how_long
    for unit, length in (("year", 365 * 24), ("day", 24), ("hour", 1)):
        count, rest = divmod(for_how_long, timedelta(hours=length))
        if count and not rest:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{for_how_long // timedelta(minutes=1)} minutes"
