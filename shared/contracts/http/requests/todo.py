"""What waits for a member, and what is under way for her: all that Today shows of this service."""

from datetime import datetime

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Page, QueryRoute
from shared.contracts.http.requests.connections import ConnectionRequestView
from shared.contracts.http.requests.introductions import IntroductionView
from shared.contracts.http.requests.needs import NeedView


class TodoView(Answer):
    """What waits for her: requests to answer, introductions to vouch for or confirm, outcomes to say; and what is under way.

    `asked_back`: requests of hers in which the other's question waits for her answer. `needs`: asks by need that wait for her to
    propose somebody, `needs_sent`: hers that look open to her. `to_write`: introductions in which she writes first, and has been asked
    whether the two are in touch. `outcomes`: those of which she has been asked how it went, 21 days after both said yes. `sent`: her
    other requests that look open to her. `under_way`: introductions that are open for her and don't wait for her, and those confirmed
    within 14 days; without those she said not now to. The first page of each, newest first.
    Her own pause, as long as it isn't over; `offer_pause`: the last three of what reached her ended without a word of hers.

    `gone`: the names of women with whom she lately dealt, and who aren't here any more because moderators removed them.
    `introductions_only_until`: until when she can't ask to connect herself, because several whom she asked don't know her.
    """

    connection_requests: Page[ConnectionRequestView]
    asked_back: Page[ConnectionRequestView] = Page(items=[], next=None)
    introductions: Page[IntroductionView]
    needs: Page[NeedView] = Page(items=[], next=None)
    needs_sent: Page[NeedView] = Page(items=[], next=None)
    to_write: Page[IntroductionView] = Page(items=[], next=None)
    outcomes: Page[IntroductionView]
    sent: Page[ConnectionRequestView]
    under_way: Page[IntroductionView]
    introductions_only_until: datetime | None = None
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    offer_pause: bool = False
    gone: list[lengths.Line] = Field(default_factory=list, max_length=100)


TODO = QueryRoute(path="/v1/todo", answer=TodoView)
