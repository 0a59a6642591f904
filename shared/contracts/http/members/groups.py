"""The group a member was invited from, a cohort or an event: it feeds suggestions by her consent."""

from shared.contracts import lengths
from shared.contracts.http.base import Answer, CommandRoute, QueryRoute
from shared.problems import NotFound

CONSENT = 1
"""The version of the words by which she agrees; other words are another version."""


class GroupView(Answer):
    """Its members may be suggested to her, and she to them, if they agreed as she did."""

    name: lengths.Line


MY_GROUP = QueryRoute(path="/v1/me/group", answer=GroupView, problems=(NotFound,))
TAKE_BACK_GROUP = CommandRoute(path="/v1/me/group/take-back", problems=(NotFound,))
