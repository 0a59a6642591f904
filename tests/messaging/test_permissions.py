"""Every way to the private subjects, tried with every other service's credentials on a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig, RePublish, StreamConfig, StreamSource

from shared.contracts.events.heard import HEARS
from shared.messaging import provisioning, topology
from tests.backends.base import ADMIN, Broker
from tests.backends.streams import provision_anew
from tests.messaging import events
from tests.messaging.conftest import Connect

pytestmark = pytest.mark.servers

OTHERS = ["requests", "reputation"]
NOT_NOTIFY = ["members", *OTHERS]
SECRET = b"the code is 314159"
SUBJECT = "private.v1.sign_in_code_issued"
SECONDS = 0.3


@pytest.fixture
async def connect_as(provisioned: Broker) -> AsyncIterator[Connect]:
    """`client = await connect_as("notify")`: a raw connection with that user's rights and inbox."""
    made: list[Client] = []

    async def connect(user: str) -> Client:
        name, password = provisioned.credentials(user)
        made.append(
            await nats.connect(provisioned.url, user=name, password=password, inbox_prefix=topology.inbox_prefix(user), error_cb=quietly)
        )
        return made[-1]

    yield connect
    for client in made:
        await client.close()


async def quietly(error: Exception) -> None:
    """Refusals are what is wanted here."""


class Intruder:
    """A raw connection of one user that notes what it gets and what it is refused."""

    def __init__(self) -> None:
        self.client = Client()
        self.got: list[bytes] = []
        self.refused: list[str] = []
        self.answers, self.asked = "", 0

    async def connect(self, broker: Broker, user: str, prefix: str | None = None) -> None:
        name, password = broker.credentials(user)

        async def refused(error: Exception) -> None:
            self.refused.append(str(error).lower())

        await self.client.connect(
            broker.url,
            user=name,
            password=password,
            inbox_prefix=prefix or topology.inbox_prefix(user),
            error_cb=refused,
            max_reconnect_attempts=1,
        )

    async def listen(self, subject: str) -> None:
        async def got(message: Any) -> None:
            self.got.append(message.data)

        await self.client.subscribe(subject, cb=got)
        await self.client.flush()

    async def ask(self, subject: str, body: Any = b"") -> None:
        """Send a request whose answer, if any, this one would get."""
        if not self.answers:
            self.answers = self.client.new_inbox()
            await self.listen(self.answers)
        await self.client.publish(subject, body if isinstance(body, bytes) else json.dumps(body).encode(), reply=self.answers)
        self.asked += 1

    async def all_refused(self) -> bool:
        """Whether each request was refused for want of permission, and nothing came back."""
        return self.asked > 0 and await self.refusals(self.asked) and self.got == []

    async def refusals(self, count: int) -> bool:
        """Whether there were exactly so many refusals; the broker's word for each may come a moment late."""
        await self.client.flush()
        for _ in range(100):
            if len(self.refused) >= count:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)
        return len([error for error in self.refused if "permissions violation" in error]) == len(self.refused) == count

    def learned(self) -> bool:
        return any(b"314159" in body or b"marta@example.org" in body for body in self.got)


@pytest.fixture(scope="module")
async def provisioned(nats_server: Broker) -> Broker:
    """Streams made once for all tests here, which leave them as they are; that is what is tested."""
    await provision_anew(nats_server)
    return nats_server


@pytest.fixture
async def private(provisioned: Broker, as_admin: Client) -> AsyncIterator[Broker]:
    """A broker with one private message waiting for notify; afterwards it must still be there, and nothing changed."""
    context = as_admin.jetstream()
    await context.purge_stream("PRIVATE")
    sequence = (await context.publish(SUBJECT, SECRET)).seq
    yield provisioned
    info = await context.stream_info("PRIVATE")
    assert info.state.first_seq == sequence
    assert info.config.subjects == ["private.v1.>"]
    assert info.config.republish is None
    assert sorted(stream.config.name or "" for stream in await context.streams_info()) == sorted(stream.name for stream in topology.STREAMS)
    assert [consumer.name for consumer in await context.consumers_info("PRIVATE")] == ["notify_private"]
    [message] = await (await context.pull_subscribe_bind("notify_private", "PRIVATE")).fetch(1, timeout=5)
    assert message.data == SECRET
    await message.ack_sync()


@pytest.fixture
async def as_admin(provisioned: Broker) -> AsyncIterator[Client]:
    """A connection that may do everything."""
    name, password = ADMIN
    client = await nats.connect(provisioned.url, user=name, password=password)
    yield client
    await client.close()


@pytest.fixture
async def intruder(private: Broker, request: pytest.FixtureRequest) -> AsyncIterator[Intruder]:
    """One connection of the user the test is parametrized with."""
    intruder = Intruder()
    await intruder.connect(private, request.param)
    yield intruder
    await intruder.client.close()


each_other = pytest.mark.parametrize("intruder", OTHERS, indirect=True)
each_but_notify = pytest.mark.parametrize("intruder", NOT_NOTIFY, indirect=True)


@each_but_notify
async def test_a_plain_subscription_hears_nothing(intruder: Intruder, connect_as: Connect) -> None:
    subjects = [">", "private.>", "private.v1.>", "*.v1.>", "private.*.*", SUBJECT, "$JS.>", "_INBOX.>", "_INBOX_notify.>"]
    for subject in subjects:
        await intruder.listen(subject)
    assert await intruder.refusals(len(subjects))
    members = await connect_as("members")
    # A core publish reaches whoever may listen, stored or not.
    await members.publish("private.v1.heard_by_none", SECRET)
    await members.flush()
    await asyncio.sleep(0.05)
    assert not intruder.learned()


@each_but_notify
async def test_the_stream_gives_no_message_away(intruder: Intruder) -> None:
    for body in ({"seq": 1}, {"last_by_subj": SUBJECT}, {"next_by_subj": "private.>", "seq": 1}):
        await intruder.ask("$JS.API.STREAM.MSG.GET.PRIVATE", body)
        await intruder.ask("$JS.API.DIRECT.GET.PRIVATE", body)
    await intruder.ask(f"$JS.API.DIRECT.GET.PRIVATE.{SUBJECT}")
    if intruder.client.options["user"] != "members":
        await intruder.ask("$JS.API.STREAM.INFO.PRIVATE", {"subjects_filter": ">"})
    await intruder.ask("$JS.API.STREAM.NAMES")
    await intruder.ask("$JS.API.STREAM.LIST")
    await intruder.ask("$JS.API.CONSUMER.LIST.PRIVATE")
    await intruder.ask("$JS.API.CONSUMER.INFO.PRIVATE.notify_private")
    assert await intruder.all_refused()


@each_but_notify
async def test_no_consumer_can_be_made_on_it(intruder: Intruder) -> None:
    inbox = intruder.client.new_inbox()
    await intruder.listen(inbox)
    push = {"deliver_subject": inbox, "ack_policy": "none", "deliver_policy": "all"}
    pull = {"ack_policy": "explicit", "deliver_policy": "all"}
    for config in (push, pull):
        body = {"stream_name": "PRIVATE", "config": config}
        await intruder.ask("$JS.API.CONSUMER.CREATE.PRIVATE", body)
        named = {"stream_name": "PRIVATE", "config": {**config, "name": "mine", "durable_name": "mine"}}
        await intruder.ask("$JS.API.CONSUMER.CREATE.PRIVATE.mine", named)
        await intruder.ask("$JS.API.CONSUMER.CREATE.PRIVATE.mine.private.v1.>", named)
        await intruder.ask("$JS.API.CONSUMER.DURABLE.CREATE.PRIVATE.mine", named)
    assert await intruder.all_refused()


@each_other
async def test_a_consumer_of_its_own_stream_cannot_be_turned_to_it(intruder: Intruder) -> None:
    user = intruder.client.options["user"]
    for stream in ("MEMBERS", "PRIVATE"):
        body = {"stream_name": "PRIVATE", "config": {"durable_name": f"{user}_members", "ack_policy": "explicit"}}
        await intruder.ask(f"$JS.API.CONSUMER.CREATE.{stream}.{user}_members", body)
        await intruder.ask(f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{user}_members", body)
    assert await intruder.all_refused()


@each_but_notify
async def test_notifys_consumer_cannot_be_pulled_from_nor_acknowledged_on(intruder: Intruder) -> None:
    for body in (b"", {"batch": 10, "no_wait": True}, {"batch": 1, "expires": 100_000_000}):
        await intruder.ask("$JS.API.CONSUMER.MSG.NEXT.PRIVATE.notify_private", body)
    for verb in ("+ACK", "+TERM", "-NAK"):
        await intruder.ask("$JS.ACK.PRIVATE.notify_private.1.1.1.1700000000000000000.0", verb.encode())
    for verb in ("PAUSE", "DELETE", "UNPIN", "RESET"):
        await intruder.ask(f"$JS.API.CONSUMER.{verb}.PRIVATE.notify_private")
    await intruder.ask("$JS.API.CONSUMER.LEADER.STEPDOWN.PRIVATE.notify_private")
    assert await intruder.all_refused()


@each_but_notify
async def test_no_stream_of_its_own_can_copy_it(intruder: Intruder) -> None:
    source = {"name": "PRIVATE"}
    for name in ("COPY", "REQUESTS", "MEMBERS"):
        for config in ({"mirror": source}, {"sources": [source]}, {"subjects": ["private.>"]}, {"subjects": [">"], "no_ack": True}):
            body = {"name": name, "storage": "memory", **config}
            for verb in ("CREATE", "UPDATE"):
                await intruder.ask(f"$JS.API.STREAM.{verb}.{name}", body)
    assert await intruder.all_refused()


@each_but_notify
async def test_it_cannot_be_republished_copied_out_emptied_or_deleted(intruder: Intruder) -> None:
    inbox = intruder.client.new_inbox()
    await intruder.listen(inbox)
    republishing = {"name": "PRIVATE", "subjects": ["private.v1.>"], "republish": {"src": ">", "dest": "requests.v1.>"}}
    for subject, body in {
        "STREAM.UPDATE.PRIVATE": republishing,
        "STREAM.SNAPSHOT.PRIVATE": {"deliver_subject": inbox, "no_consumers": True},
        "STREAM.RESTORE.PRIVATE": {"config": republishing},
        "STREAM.PURGE.PRIVATE": {},
        "STREAM.DELETE.PRIVATE": {},
        "STREAM.MSG.DELETE.PRIVATE": {"seq": 1},
        "STREAM.PEER.REMOVE.PRIVATE": {},
        "STREAM.LEADER.STEPDOWN.PRIVATE": {},
        "ACCOUNT.PURGE.$G": {},
    }.items():
        await intruder.ask(f"$JS.API.{subject}", body)
    assert await intruder.all_refused()


@pytest.mark.parametrize("user", NOT_NOTIFY)
async def test_nobody_reads_anothers_inbox(private: Broker, user: str, connect_as: Connect) -> None:
    intruder = Intruder()
    await intruder.connect(private, user)
    for prefix in ("_INBOX_notify", "_INBOX_members" if user != "members" else "_INBOX_requests"):
        await intruder.listen(f"{prefix}.>")
    notify = await connect_as("notify")
    # Notify takes the message the ordinary way, while the intruder listens on its inbox.
    [message] = await (await notify.jetstream().pull_subscribe_bind("notify_private", "PRIVATE")).fetch(1, timeout=5)
    assert message.data == SECRET
    await message.nak()
    assert not intruder.learned()
    assert await intruder.refusals(2)
    await intruder.client.close()


@pytest.mark.parametrize("user", NOT_NOTIFY)
async def test_nobody_lets_its_answers_go_to_a_wider_inbox(private: Broker, user: str) -> None:
    intruder = Intruder()
    await intruder.connect(private, user, prefix="_INBOX")
    await intruder.listen("_INBOX.>")
    assert await intruder.refusals(1)
    await intruder.client.close()


@pytest.mark.parametrize("user", NOT_NOTIFY)
def test_a_service_looks_only_at_what_it_publishes(user: str) -> None:
    looks = {subject.rpartition(".")[2] for subject in topology.may_publish(user) if subject.startswith("$JS.API.STREAM.")}
    assert looks == {stream.name for stream in topology.STREAMS if {*stream.subjects} & {*topology.PUBLISHES[user]}}


@pytest.mark.parametrize("user", ["requests", "reputation", "notify"])
async def test_no_other_service_forges_private_events_or_anothers(provisioned: Broker, user: str, as_admin: Client) -> None:
    context = as_admin.jetstream()
    names = ("MEMBERS", "PRIVATE", "REQUESTS", "REPUTATION")
    before = [(await context.stream_info(name)).state.last_seq for name in names]
    intruder = Intruder()
    await intruder.connect(provisioned, user)
    forged = events.joined().to_json()
    subjects = [kind.type for heard in HEARS.values() for kind in heard if not kind.type.startswith(f"{user}.")]
    for subject in {*subjects, "private.v1.new", "private.v2.new", "members.v2.new", "_INBOX_notify.x", "_INBOX_members.x.y"}:
        await intruder.client.publish(subject, forged)
    assert await intruder.refusals(len({*subjects}) + 5)
    assert [(await context.stream_info(name)).state.last_seq for name in names] == before
    await intruder.client.close()


async def test_members_cannot_read_what_it_has_sent(private: Broker, connect_as: Connect) -> None:
    """It publishes addresses and codes; it needs to read none, so a hole in it gives away none that are on their way."""
    members = await connect_as("members")
    asks = [subject for subject in topology.may_publish("members") if subject.startswith("$JS") and ".members_" not in subject]
    assert asks == ["$JS.API.STREAM.INFO.MEMBERS", "$JS.API.STREAM.INFO.PRIVATE"]
    everything = {"subjects_filter": ">", "deleted_details": True}
    info = await members.request(asks[1], json.dumps(everything).encode(), timeout=5)
    assert SECRET not in info.data
    assert json.loads(info.data)["state"]["subjects"] == {SUBJECT: 1}, "how many, and of which type"
    with pytest.raises((NatsError, TimeoutError)):
        await members.jetstream(timeout=SECONDS).get_last_msg("PRIVATE", SUBJECT)


async def test_notify_and_the_provisioner_can_do_their_own_work(private: Broker, connect_as: Connect) -> None:
    notify = await connect_as("notify")
    subscription = await notify.jetstream().pull_subscribe_bind("notify_private", "PRIVATE")
    [message] = await subscription.fetch(1, timeout=5)
    await message.nak()
    assert (await notify.jetstream().consumer_info("PRIVATE", "notify_private")).num_pending == 0
    await provisioning.provision(private.url, *private.credentials("provisioner"))


async def test_the_provisioner_makes_nothing_but_what_topology_names(private: Broker, connect_as: Connect) -> None:
    intruder = Intruder()
    await intruder.connect(private, "provisioner")
    await intruder.listen("private.>")
    context = intruder.client.jetstream(timeout=SECONDS)
    with pytest.raises((NatsError, TimeoutError)):
        await context.add_stream(StreamConfig(name="COPY", mirror=StreamSource(name="PRIVATE")))
    with pytest.raises((NatsError, TimeoutError)):
        await context.add_consumer("PRIVATE", ConsumerConfig(durable_name="mine", filter_subjects=["private.v1.>"]))
    with pytest.raises((NatsError, TimeoutError)):
        await context.get_msg("PRIVATE", 1)
    with pytest.raises((NatsError, TimeoutError)):
        await context.purge_stream("PRIVATE")
    assert not intruder.learned()
    await intruder.client.close()


async def test_each_of_these_ways_works_for_one_who_may(broker: Broker) -> None:
    """The same with the rights to do it, so that a closed way above means a way that would otherwise be open."""
    intruder = Intruder()
    name, password = ADMIN
    intruder.client = await nats.connect(broker.url, user=name, password=password, inbox_prefix="_INBOX_admin")
    await intruder.listen("private.>")
    await intruder.client.jetstream().publish(SUBJECT, SECRET)
    await intruder.client.flush()
    assert intruder.learned()
    for subject, body in (
        ("$JS.API.STREAM.MSG.GET.PRIVATE", {"seq": 1}),
        ("$JS.API.CONSUMER.MSG.NEXT.PRIVATE.notify_private", {"batch": 1, "no_wait": True}),
    ):
        intruder.got.clear()
        await intruder.ask(subject, body)
        await intruder.client.flush()
        await asyncio.sleep(0.1)
        assert b"314159" in b"".join(intruder.got) or b"dGhlIGNvZGUgaXMgMzE0MTU5" in b"".join(intruder.got)
    intruder.got.clear()
    context = intruder.client.jetstream()
    await context.add_stream(StreamConfig(name="COPY", mirror=StreamSource(name="PRIVATE")))
    config = (await context.stream_info("PRIVATE")).config
    config.republish = RePublish(src=">", dest="open.>")
    await context.update_stream(config)
    await intruder.listen("open.>")
    await context.publish(SUBJECT, SECRET)
    await intruder.client.flush()
    await asyncio.sleep(0.1)
    assert intruder.learned()
    for _ in range(100):
        if (await context.stream_info("COPY")).state.messages:
            break
        await asyncio.sleep(0.02)
    assert (await context.get_msg("COPY", 1)).data == SECRET
    await intruder.client.close()


def test_a_user_without_a_fit_password_is_refused() -> None:
    good = dict.fromkeys(topology.users(), "fit")
    assert 'user: "notify"' in topology.render_server_config(good)
    for bad in ("", "with space", 'quo"te', "back\\slash", "ñ", "line\nbreak"):
        with pytest.raises(ValueError, match="needs a password"):
            topology.render_server_config({**good, "notify": bad})
    with pytest.raises(ValueError, match="needs a password"):
        topology.render_server_config({})
