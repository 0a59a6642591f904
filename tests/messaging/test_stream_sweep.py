"""Streams are looked through for an erased member: what is still there is found, private or not, and what was handled isn't."""

import pytest

from shared.messaging import stream_sweep
from tests.backends.base import Broker
from tests.messaging import events
from tests.messaging.conftest import Connect

pytestmark = pytest.mark.servers


async def test_what_streams_hold_of_her_is_found(broker: Broker, as_user: Connect) -> None:
    context = (await as_user("admin")).jetstream()
    user, password = broker.credentials("admin")
    her, other = events.joined(name="Marta Zarzamora"), events.joined()
    for event in (her, other, events.confirmed(side_ids=(her.member_id, other.member_id), words_for={})):
        await context.publish(event.type, event.to_json())

    async def found(*needles: str) -> dict[str, int]:
        return {stream.name: len(times) for stream, times in (await stream_sweep.find(broker.url, user, password, needles)).items()}

    assert await found(str(her.member_id)) == {"MEMBERS": 1, "REQUESTS": 1}
    assert await found("Zarzamora") == {"MEMBERS": 1}
    assert await found("nobody of that name") == {}
    await context.publish("private.v1.sign_in_code_issued", b'{"address": "marta@zarzamora.example"}')
    assert await found("marta@zarzamora.example") == {"PRIVATE": 1}
    state = (await context.stream_info("PRIVATE")).state
    await context.delete_msg("PRIVATE", state.last_seq)  # as if it had been handled
    assert await found("marta@zarzamora.example") == {}
