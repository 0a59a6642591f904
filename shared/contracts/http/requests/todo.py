"""What waits for a member."""

from shared.contracts.http.base import Answer, Page, QueryRoute
from shared.contracts.http.requests.connections import ConnectionRequestView
from shared.contracts.http.requests.introductions import IntroductionView


class TodoView(Answer):
    """What waits for her: requests to answer, introductions to vouch for or confirm, outcomes to say. The first page of each."""

    connection_requests: Page[ConnectionRequestView]
    introductions: Page[IntroductionView]
    outcomes: Page[IntroductionView]


TODO = QueryRoute(path="/v1/todo", answer=TodoView)
