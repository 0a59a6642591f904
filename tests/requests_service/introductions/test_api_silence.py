"""Nobody can tell a no from silence, over HTTP: two circles go through the same, one with a no and one without."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased
from shared.contracts.events.requests import ErasedFromRequests, RemindersDue
from tests.observed import observed
from tests.requests_service.introductions.circle import ID, ROOT, Circle, make, statements
from tests.requests_service.world import START, World, ok

pytestmark = pytest.mark.servers

END = START.replace(minute=0) + timedelta(days=14, hours=1)
Story = Callable[["Twin"], Awaitable[None]]


class Twin:
    """A circle that writes down everything its members are answered, with names for ids."""

    def __init__(self, circle: Circle, *, says_no: bool) -> None:
        self.circle, self.says_no, self.id_ = circle, says_no, ""
        self.story = ""
        self.heard: list[Any] = []

    def _plain(self, text: str) -> str:
        names = dict(zip(map(str, self.circle.three), ("ana", "vera", "carla"), strict=True))
        for id_, name in (names | {self.id_: "this"}).items():
            text = text.replace(id_, name) if id_ else text
        return re.sub(ID, "another", text)

    async def look(self, *members: UUID) -> None:
        """Everything these members can read of it, and take away."""
        for member in members:
            for path in (f"{ROOT}/{self.id_}", ROOT, "/v1/todo"):
                self.note(await self.circle.world.get(member, path))
            self.heard.append(self._plain(str((await self.circle.world.export(member))["introductions"])))

    def reminds(self, event: Event) -> bool:
        """It reminds the woman who says the no, or nothing; or says to members alone that of her nothing is left here."""
        sayer = dict(zip(("ana", "vera", "carla"), self.circle.three, strict=True))[self.story.partition("_")[0]]
        if isinstance(event, ErasedFromRequests):
            return event.aggregate_id == sayer
        return isinstance(event, RemindersDue) and event.member_id == sayer

    def note(self, answer: httpx.Response) -> None:
        assert answer.status_code < 500
        self.heard.append((answer.status_code, self._plain(answer.text)))


async def carla_passes(it: Twin) -> None:
    it.id_ = await it.circle.vouched()
    if it.says_no:
        ok(await it.circle.do(it.circle.carla, it.id_, "pass"))


async def carla_blocks_ana(it: Twin) -> None:
    it.id_ = await it.circle.vouched()
    if it.says_no:
        await it.circle.world.block(it.circle.carla, it.circle.ana)


async def carla_leaves(it: Twin) -> None:
    it.id_ = await it.circle.vouched()
    if it.says_no:
        await it.circle.world.status(MemberErased, it.circle.carla)


async def carla_blocks_the_voucher(it: Twin) -> None:
    it.id_ = await it.circle.vouched()
    if it.says_no:
        await it.circle.world.block(it.circle.carla, it.circle.vera)


async def carla_blocks_ana_before_the_vouch(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        await it.circle.world.block(it.circle.carla, it.circle.ana)
    it.note(await it.circle.read(it.circle.vera, it.id_))
    it.note(await it.circle.vouch(it.id_))


async def carla_leaves_before_the_vouch(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        await it.circle.world.status(MemberErased, it.circle.carla)
    it.note(await it.circle.read(it.circle.vera, it.id_))
    it.note(await it.circle.vouch(it.id_))


async def _pauses(it: Twin, member: UUID) -> None:
    """From midnight on; of what follows, with or without her answer, the others must see nothing."""
    ok(await it.circle.world.post(member, "/v1/reach/pause", {"how_long": "month"}))


async def carla_pauses(it: Twin) -> None:
    it.id_ = await it.circle.vouched()
    if it.says_no:
        await _pauses(it, it.circle.carla)


async def carla_passes_and_pauses(it: Twin) -> None:
    await carla_passes(it)
    if it.says_no:
        await _pauses(it, it.circle.carla)


async def vera_pauses(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        await _pauses(it, it.circle.vera)


async def vera_declines_and_pauses(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        ok(await it.circle.do(it.circle.vera, it.id_, "decline"))
        await _pauses(it, it.circle.vera)


STORIES: list[Story] = [
    carla_passes,
    carla_blocks_ana,
    carla_leaves,
    carla_blocks_the_voucher,
    carla_blocks_ana_before_the_vouch,
    carla_leaves_before_the_vouch,
    carla_pauses,
    carla_passes_and_pauses,
]


async def asker_and_voucher_wait(it: Twin) -> None:
    for at in (START, END - timedelta(minutes=1), END):
        await it.circle.until(at)
        await it.look(it.circle.ana, it.circle.vera)
    it.note(await it.circle.do(it.circle.ana, it.id_, "withdraw"))
    it.note(await it.circle.do(it.circle.vera, it.id_, "withdraw-vouch"))


async def the_asker_waits(it: Twin) -> None:
    for at in (START, START + timedelta(days=1), END - timedelta(minutes=1), END):
        await it.circle.until(at)
        await it.look(it.circle.ana)
    it.note(await it.circle.do(it.circle.ana, it.id_, "withdraw"))


async def the_asker_withdraws(it: Twin) -> None:
    it.note(await it.circle.do(it.circle.ana, it.id_, "withdraw"))
    await it.look(it.circle.ana, it.circle.vera)
    await it.circle.until(END)
    it.note(await it.circle.do(it.circle.ana, it.id_, "withdraw"))


async def the_words_are_corrected(it: Twin) -> None:
    it.note(await it.circle.ask_correction(it.circle.ana, it.id_))
    await it.look(it.circle.ana, it.circle.vera)
    it.note(await it.circle.correct(it.id_))
    await it.look(it.circle.ana, it.circle.vera)
    it.note(await it.circle.do(it.circle.ana, it.id_, "confirm"))
    await it.circle.until(END)
    await it.look(it.circle.ana, it.circle.vera)


async def the_voucher_takes_it_back(it: Twin) -> None:
    it.note(await it.circle.do(it.circle.vera, it.id_, "withdraw-vouch"))
    await it.look(it.circle.ana, it.circle.vera)
    await it.circle.until(END)


TOLD: list[tuple[Story, Story]] = [
    *((story, asker_and_voucher_wait) for story in STORIES),
    *((story, the_asker_withdraws) for story in (carla_passes, carla_leaves, carla_blocks_ana_before_the_vouch)),
    *((story, the_asker_waits) for story in (vera_pauses, vera_declines_and_pauses)),
    *((story, the_words_are_corrected) for story in STORIES),
    *((story, the_voucher_takes_it_back) for story in (carla_passes, carla_passes_and_pauses, carla_leaves, carla_blocks_the_voucher)),
]


async def both(world: World, story: Story, goes_on: Story) -> tuple[Twin, Twin]:
    """The story with the no and without it, each from the same beginning; of what follows, also what can be observed from outside."""
    twins = []
    for says_no in (True, False):
        world.clock.at = START
        twin = Twin(await make(world), says_no=says_no)
        await twin.circle.until(END + timedelta(days=365))  # what others left open isn't ended in the middle of this
        world.clock.at = START
        twin.story = story.__name__
        await story(twin)
        async with statements(world) as ran:
            with observed() as outside:
                await goes_on(twin)
        assert ran
        assert outside.numbers
        # Whether the one who says the no is reminded is between the worker and her: all other events are compared one by one.
        twin.heard += [outside, [statement for statement in ran if "insert into outbox" not in statement]]
        twin.heard.append([(type(event).__name__, event.occurred_at) for event in await twin.circle.told() if not twin.reminds(event)])
        twins.append(twin)
    return twins[0], twins[1]


@pytest.mark.parametrize(("story", "goes_on"), TOLD)
async def test_the_others_are_answered_as_if_she_had_said_nothing(world: World, story: Story, goes_on: Story) -> None:
    said, silent = await both(world, story, goes_on)
    assert said.heard == silent.heard


async def vera_declines(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        ok(await it.circle.do(it.circle.vera, it.id_, "decline"))


async def vera_does_not_know_them_well_enough(it: Twin) -> None:
    it.id_ = await it.circle.asked()
    if it.says_no:
        ok(await it.circle.world.post(it.circle.vera, f"{ROOT}/{it.id_}/decline", {"how": "not_well_enough"}))


async def the_asker_waits_and_asks_anew(it: Twin) -> None:
    for at in (START, END - timedelta(minutes=1), END):
        await it.circle.until(at)
        await it.look(it.circle.ana)
        it.note(await it.circle.ask())


async def the_asker_withdraws_and_asks_anew(it: Twin) -> None:
    it.note(await it.circle.do(it.circle.ana, it.id_, "withdraw"))
    it.note(await it.circle.ask())
    await it.look(it.circle.ana)


@pytest.mark.parametrize("goes_on", [the_asker_waits_and_asks_anew, the_asker_withdraws_and_asks_anew])
@pytest.mark.parametrize("story", [vera_declines, vera_does_not_know_them_well_enough, carla_passes])
async def test_a_quiet_no_counts_like_silence_for_asking_anew(world: World, story: Story, goes_on: Story) -> None:
    said, silent = await both(world, story, goes_on)
    assert said.heard == silent.heard


async def ana_passes_a_proposal(it: Twin) -> None:
    it.id_ = await it.circle.proposed()
    if it.says_no:
        ok(await it.circle.do(it.circle.ana, it.id_, "confirm"))
        ok(await it.circle.do(it.circle.ana, it.id_, "pass"))


async def the_other_says_yes(it: Twin) -> None:
    await it.look(it.circle.carla, it.circle.vera)
    it.note(await it.circle.do(it.circle.carla, it.id_, "confirm"))
    it.note(await it.circle.do(it.circle.carla, it.id_, "confirm"))
    await it.look(it.circle.carla, it.circle.vera)
    await it.circle.until(END)
    await it.look(it.circle.carla, it.circle.vera)


async def test_a_yes_to_someone_who_has_passed_is_kept_and_answered_and_confirms_nothing(world: World) -> None:
    said, silent = await both(world, ana_passes_a_proposal, the_other_says_yes)
    assert said.heard == silent.heard
    assert await said.circle.told("IntroductionConfirmed") == []
    reasons = [event.reason for twin in (said, silent) for event in await twin.circle.told("IntroductionClosed")]
    assert reasons == ["passed", "expired"], "only services know the difference"


async def carla_says_yes_after_all(it: Twin) -> None:
    await it.look(it.circle.ana, it.circle.vera)
    it.circle.world.clock.move(days=3)
    it.note(await it.circle.do(it.circle.carla, it.id_, "confirm"))
    await it.look(*it.circle.three)


async def vera_vouches_after_all(it: Twin) -> None:
    await vera_declines(it)
    await it.look(it.circle.ana, it.circle.carla)
    it.circle.world.clock.move(days=3)
    it.note(await it.circle.vouch(it.id_))


async def carla_says_yes(it: Twin) -> None:
    it.note(await it.circle.do(it.circle.carla, it.id_, "confirm"))
    await it.look(*it.circle.three)


@pytest.mark.parametrize(("story", "goes_on"), [(carla_passes, carla_says_yes_after_all), (vera_vouches_after_all, carla_says_yes)])
async def test_a_no_taken_back_is_a_slow_yes(world: World, story: Story, goes_on: Story) -> None:
    said, silent = await both(world, story, goes_on)
    assert said.heard == silent.heard
    assert await said.circle.told("IntroductionConfirmed")


async def the_others_read_each_others_pages(it: Twin) -> None:
    """Everything about asking and proposing that isn't in an introduction: what each is to each, and what could be done."""
    sayer = {"carla_passes": it.circle.carla, "vera_declines": it.circle.vera, "ana_passes_a_proposal": it.circle.ana}[it.story]
    for at in (START, END - timedelta(minutes=1), END, END + timedelta(days=90)):
        await it.circle.until(at)
        for me in (member for member in it.circle.three if member != sayer):
            for her in it.circle.three:
                it.note(await it.circle.world.get(me, f"/v1/members/{her}"))
        if sayer != it.circle.vera:
            it.note(await it.circle.world.get(it.circle.vera, f"/v1/connections/{it.circle.ana}/proposals/{it.circle.carla}"))


@pytest.mark.parametrize("story", [carla_passes, vera_declines, ana_passes_a_proposal])
async def test_no_page_of_a_member_and_no_offer_tells_a_no(world: World, story: Story) -> None:
    said, silent = await both(world, story, the_others_read_each_others_pages)
    assert said.heard == silent.heard


async def carla_would_keep_ana(it: Twin) -> None:
    it.id_ = await it.circle.confirmed()
    for side in (it.circle.ana, it.circle.carla):
        ok(await it.circle.say(side, it.id_, "worthwhile"))
    if it.says_no:  # she says yes, and only the silent one of the two says nothing
        ok(await it.circle.world.post(it.circle.carla, f"{ROOT}/{it.id_}/keep", {"closeness": "know_well"}))


async def the_others_look_and_take_back_what_they_may(it: Twin) -> None:
    world, circle = it.circle.world, it.circle
    for days in (0, 40):
        await circle.until(START + timedelta(days=days))
        await it.look(circle.ana, circle.vera)
        it.note(await world.get(circle.ana, "/v1/connections"))
        for me in (circle.ana, circle.vera):
            for her in circle.three:
                it.note(await world.get(me, f"/v1/members/{her}"))
                it.note(await world.get(me, f"/v1/connections/{her}"))
    it.note(await world.post(circle.ana, f"{ROOT}/{it.id_}/let-go"))
    it.note(await world.post(circle.vera, f"{ROOT}/{it.id_}/keep", {"closeness": "met"}))


async def test_one_yes_to_keeping_the_other_is_heard_and_seen_by_nobody(world: World) -> None:
    said, silent = await both(world, carla_would_keep_ana, the_others_look_and_take_back_what_they_may)
    assert said.heard == silent.heard
