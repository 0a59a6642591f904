"""Which page shows which state to whom: the community is there to be looked at, so nothing that a page can say may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class State:
    """A page in one state. `path` names members, requests and introductions as the story does; `shows` is what the service that
    it is about answers `who`, as far as it makes the state; None if she gets no page."""

    title: str
    who: str
    path: str
    shows: Mapping[str, Any] | None = field(default_factory=dict)


def _todo(**lengths: int) -> Mapping[str, Any]:
    """How many of each kind wait for her."""
    waiting = {"connection_requests": 0, "asked_back": 0, "introductions": 0, "outcomes": 0, "sent": 0, "under_way": 0} | lengths
    return {kind: {"items": [{}] * length} for kind, length in waiting.items()}


def _of(role: str, state: str, **more: Any) -> Mapping[str, Any]:
    return {"my_role": role, "state": state, **more}


AMARA = "What do you do in the hour before it gets difficult?"

TODAY = (
    State("just joined", "marta", "/", _todo()),
    State("asked, and waits for an answer", "joana", "/", _todo(sent=2)),
    State("connected, and nobody introduced yet", "bethan", "/", _todo()),
    State("all three kinds wait", "carmen", "/", _todo(connection_requests=1, introductions=2, outcomes=1, under_way=0)),
    State("three women wait, more is under way", "grace", "/", _todo(connection_requests=1, introductions=2, under_way=4)),
    State("one waits, much is under way", "hannah", "/", _todo(connection_requests=1, sent=1, under_way=6)),
    State("she writes first, and is asked whether they are in touch", "valentina", "/", {"to_write": {"items": [{}]}}),
    State("she is asked something about her request", "marisol", "/", {"asked_back": {"items": [{}]}}),
    State("all quiet, and a pause is offered", "suryani", "/", {**_todo(), "offer_pause": True}),
    State("her pause", "lucia", "/", {"offer_pause": False}),
)
PEOPLE = (
    State("nobody yet", "marta", "/connections", {"items": []}),
    State("nobody yet, her request is open", "joana", "/connections", {"items": []}),
    State("many, near and far, and an open request", "grace", "/connections", {"items": [{}] * 8}),
    State("well known", "grace", "/connections/{carmen}", {"closeness": "know_well", "how_met": "event"}),
    State("worked together", "grace", "/connections/{priya}", {"closeness": "worked_together", "how_met": "work"}),
    State("only met", "carmen", "/connections/{grace}", {"closeness": "met"}),
    State("never met", "ruth", "/connections/{bethan}", {"closeness": "not_met", "how_met": "not_yet"}),
    State("met while studying", "lucia", "/connections/{elena}", {"how_met": "study"}),
    State("met in the neighbourhood", "amara", "/connections/{priya}", {"how_met": "neighbourhood"}),
    State("met in a community", "maeve", "/connections/{ruth}", {"how_met": "community"}),
    State("met through someone", "amara", "/connections/{grace}", {"how_met": "through_someone"}),
    State("said when they last spoke", "grace", "/connections/{valentina}", {"last_spoke": "month"}),
    State("said her way where they met", "ines", "/connections/{carmen}", {"met_at": "Cierzo"}),
    State("one has gone quiet", "elena", "/connections/tidy", {"items": [{"member": {"name": "Inés Aguirre"}}]}),
    State("none has gone quiet", "marta", "/connections/tidy", {"items": []}),
    State("may not ask her for introductions", "priya", "/connections/{ruth}", {"open_to_asks": False}),
    State("connected by an introduction", "marisol", "/connections/{hannah}", {"how_met": "through_someone", "introduced_by": {}}),
    State("met online", "ruth", "/connections/{elena}", {"how_met": "online"}),
)
SUGGESTIONS = (
    State("women she might know, and two to introduce", "suryani", "/suggestions", {"might_know": [{}] * 5}),
    State("nobody to suggest", "marta", "/suggestions", {"might_know": [], "introduce": None}),
)
REQUESTS = (
    State(
        "waits for her",
        "carmen",
        "/connection-requests/{joana_carmen}",
        {"state": "pending", "actions": ["accept", "decline", "decline_kindly", "ask_question"]},
    ),
    State("one question before she decides", "carmen", "/connection-requests/{joana_carmen}/question"),
    State(
        "waits for her, her question answered",
        "grace",
        "/connection-requests/{hannah_grace}",
        {"state": "pending", "actions": ["accept", "decline", "decline_kindly"]},
    ),
    State(
        "hers, with a question to her",
        "marisol",
        "/connection-requests/{marisol_lucia}",
        {"state": "pending", "actions": ["withdraw", "answer_question"]},
    ),
    State("the question, to answer", "marisol", "/connection-requests/{marisol_lucia}/question"),
    State("asks for 20 minutes", "grace", "/connection-requests/{hannah_grace}", {"asks_for": "twenty_minutes"}),
    State("answers her own question", "amara", "/connection-requests/{nora_amara}", {"recipient_question": AMARA, "closeness": None}),
    State("hers, with the answer", "nora", "/connection-requests/{nora_amara}", {"recipient_question": AMARA, "actions": ["withdraw"]}),
    State("asks for nothing in particular", "lucia", "/connection-requests/{marisol_lucia}", {"asks_for": None, "met_at": ""}),
    State("hers, her question answered", "hannah", "/connection-requests/{hannah_grace}", {"state": "pending", "actions": ["withdraw"]}),
    State("hers, to withdraw", "hannah", "/connection-requests/{hannah_grace}/withdraw"),
    State(
        "she said not now, and may still say yes",
        "marisol",
        "/connection-requests/{ruth_marisol}",
        {"my_answer": "declined", "actions": ["accept", "decline_kindly"]},
    ),
    State("she said that she doesn't know her", "marisol", "/connection-requests/{priya_marisol}", {"my_answer": "unknown"}),
    State("the same for the one who asked", "ruth", "/connection-requests/{ruth_marisol}", {"state": "pending", "my_answer": None}),
    State("she said not now, and it is over", "hannah", "/connection-requests/{lucia_hannah}", {"my_answer": "declined", "actions": []}),
    State("hers, ended", "lucia", "/connection-requests/{lucia_hannah}", {"state": "closed", "my_role": "requester"}),
    State("how she would like to say no", "grace", "/connection-requests/{hannah_grace}/decline"),
    State(
        "she said no in a kind sentence",
        "ruth",
        "/connection-requests/{suryani_ruth}",
        {"my_answer": "declined", "kind_answer": "wish_you_well", "actions": []},
    ),
    State(
        "hers, answered in a kind sentence",
        "suryani",
        "/connection-requests/{suryani_ruth}",
        {"state": "closed", "my_answer": None, "kind_answer": "wish_you_well"},
    ),
    State("ended by itself", "lucia", "/connection-requests/{ines_lucia}", {"state": "closed", "my_role": "recipient", "my_answer": None}),
    State("hers, withdrawn", "amara", "/connection-requests/{amara_valentina}", {"state": "withdrawn", "my_role": "requester"}),
    State(
        "withdrawn by the one who asked",
        "valentina",
        "/connection-requests/{amara_valentina}",
        {"state": "withdrawn", "my_role": "recipient"},
    ),
    State("removed by her", "amara", "/connection-requests/{suryani_amara}", {"state": "removed", "my_role": "recipient"}),
    State("removed by the other", "suryani", "/connection-requests/{suryani_amara}", {"state": "removed", "my_role": "requester"}),
    State("accepted, her first connection", "bethan", "/connection-requests/{bethan_ruth}", {"state": "accepted", "first": True}),
    State("accepted", "ruth", "/connection-requests/{bethan_ruth}", {"state": "accepted", "first": False}),
)
MEMBERS = (
    State("her own", "grace", "/m/{grace}", {"relation": "self"}),
    State("her own, to edit", "maria", "/profile"),
    State("may be asked for everything", "marta", "/m/{carmen}", {"relation": "none", "can_request": True, "can_ask": True}),
    State("connected, established trust", "ruth", "/m/{elena}", {"relation": "connected"}),
    State("building trust", "marta", "/m/{valentina}", {"relation": "none"}),
    State("keeps most to herself; a long name", "ruth", "/m/{maria}", {"relation": "none"}),
    State("a name of one word", "elena", "/m/{suryani}", {"relation": "connected"}),
    State("was asked to connect", "hannah", "/m/{grace}", {"relation": "pending_from_me"}),
    State("asks to connect", "grace", "/m/{hannah}", {"relation": "pending_from_her"}),
    State("she said not now to her", "marisol", "/m/{ruth}", {"relation": "none", "can_request": True}),
    State("can't be asked to connect again yet", "ines", "/m/{lucia}", {"cannot_request": {"code": "cannot_request"}}),
    State("removed her a while ago", "suryani", "/m/{amara}", {"relation": "none", "cannot_request": {"code": "cannot_request"}}),
    State("removed by her, and may be asked at once", "amara", "/m/{suryani}", {"relation": "none", "can_request": True}),
    State("may be asked by anyone", "marta", "/m/{ruth}", {"can_request": True, "bar": "anyone"}),
    State("may be asked by women she has met", "marta", "/m/{elena}", {"can_request": True, "bar": "met", "question": None}),
    State("is only introduced", "marta", "/m/{nora}", {"cannot_request": {"code": "only_through_introduction"}}),
    State("has a question of her own", "joana", "/m/{amara}", {"can_request": True, "question": AMARA, "left_today": 1}),
    State("can't be asked to connect today", "nora", "/m/{elena}", {"cannot_request": {"code": "too_many_requests_today"}}),
    State("no introduction to her again yet", "amara", "/m/{ruth}", {"cannot_ask": {"code": "cannot_ask"}}),
    State("no introduction while so many are open", "hannah", "/m/{joana}", {"cannot_ask": {"code": "too_many_open_asks"}}),
    State("introduced by Carmen", "hannah", "/m/{ines}", {"introduced": {"voucher": {"name": "Carmen Ibáñez"}}}),
    State("an introduction is under way", "lucia", "/m/{maeve}", {"can_ask": True, "introduced": None}),
    State("can't be asked: she is paused", "marta", "/m/{lucia}", {"can_request": False, "cannot_request": None, "can_ask": False}),
    State("no introduction to her: she has had enough this month", "ruth", "/m/{valentina}", {"can_ask": False, "cannot_ask": None}),
    State("suspended: absent", "carmen", "/m/{pilar}", None),
)
REACH = (
    State("asked once", "joana", "/joining"),
    State("nothing allowed yet", "joana", "/reach", {"suggestible": False, "open_to_asks": False, "reachable": False}),
    State("her own question", "grace", "/reach", {"question": "Which of us is easier to talk to before seven in the morning?"}),
    State("a pause, and whom she is never introduced to", "lucia", "/reach", {"exclusions": [{"organisation": ""}, {"member": None}]}),
    State("never to be introduced to her", "lucia", "/m/{priya}/exclude"),
)
FORMS = (
    State("to connect: the first of four questions", "marta", "/m/{carmen}/connect"),
    State("where they met, her way", "grace", "/connections/{valentina}/provenance"),
    State("remove her", "grace", "/connections/{valentina}/remove"),
    State("to connect: to who hasn't met her, and is asked by others alone", "marta", "/m/{elena}/connect"),
    State("to connect: hers is the last request today, with a question to answer", "joana", "/m/{amara}/connect"),
    State("how well she knows her", "grace", "/connections/{valentina}/closeness"),
    State("an introduction: before she looks who could", "nora", "/m/{elena}/introduction", {"looked_up": False}),
    State("an introduction: through whom", "ruth", "/m/{hannah}/introduction", {"looked_up": True, "vouchers": [{}]}),
    State("an introduction: no way", "marta", "/m/{carmen}/introduction", {"looked_up": True, "vouchers": []}),
    State("an introduction: to whom", "ruth", "/m/{elena}/ask"),
    State("an introduction: why her", "maeve", "/m/{hannah}/introduction/{elena}"),
    State("vouch", "grace", "/introductions/{grace_valentina_priya}/vouch"),
    State("introduce her: to whom", "grace", "/m/{priya}/propose"),
    State("introduce both", "grace", "/m/{priya}/propose/{marisol}", {"cannot_propose": None}),
    State("can't: introduced already", "carmen", "/m/{hannah}/propose/{ines}", {"cannot_propose": {"code": "introduced_them"}}),
    State("can't: only met one of them", "carmen", "/m/{hannah}/propose/{grace}", {"cannot_propose": {"code": "know_both_better"}}),
    State("can't: five are open", "maria", "/m/{marisol}/propose/{valentina}", {"cannot_propose": {"code": "too_many_open_vouches"}}),
    State("how it went", "carmen", "/introductions/{elena_maeve_carmen}/outcome"),
    State("how it went, when the time is over", "amara", "/introductions/{priya_amara_grace}/outcome"),
    State("what isn't right about her", "maeve", "/introductions/{elena_lucia_maeve}/correction"),
    State("correct her words", "grace", "/introductions/{grace_marisol_amara}/words"),
    State("how to say no to an ask", "grace", "/introductions/{grace_valentina_priya}/decline"),
    State("withdraw her ask", "hannah", "/introductions/{elena_hannah_lucia}/withdraw"),
    State("withdraw her word", "maria", "/introductions/{maria_ines_amara}/withdraw"),
)
VOUCHERS = (
    State("asked", "grace", "/introductions/{grace_valentina_priya}", _of("voucher", "asked", cannot_vouch=None)),
    State(
        "asked, has only met one", "carmen", "/introductions/{carmen_ines_grace}", _of("voucher", "asked", cannot_vouch="know_both_better")
    ),
    State(
        "asked, and can't just now", "elena", "/introductions/{elena_hannah_lucia}", _of("voucher", "asked", cannot_vouch="cannot_vouch")
    ),
    State(
        "asked, isn't connected to both",
        "carmen",
        "/introductions/{carmen_hannah_maeve}",
        _of("voucher", "asked", cannot_vouch="not_connected_to_both"),
    ),
    State(
        "asked, five are open",
        "maria",
        "/introductions/{maria_hannah_amara}",
        _of("voucher", "asked", cannot_vouch="too_many_open_vouches"),
    ),
    State(
        "said not now, and may still vouch",
        "elena",
        "/introductions/{elena_hannah_suryani}",
        _of("voucher", "closed", my_answer="declined", my_reason="not_well_enough", actions=["vouch", "decline_kindly"]),
    ),
    State(
        "said not now, and it is over",
        "marisol",
        "/introductions/{marisol_suryani_grace}",
        _of("voucher", "closed", my_answer="declined", actions=[]),
    ),
    State(
        "said no in a kind sentence",
        "elena",
        "/introductions/{elena_suryani_ruth}",
        _of("voucher", "closed", kind_answer="rather_answer", actions=[]),
    ),
    State("vouched for an ask", "priya", "/introductions/{priya_ruth_grace}", _of("voucher", "vouched", origin="asked")),
    State(
        "her first vouch, her own idea",
        "ruth",
        "/introductions/{ruth_maeve_priya}",
        _of("voucher", "vouched", origin="proposed", first=True),
    ),
    State(
        "is asked to correct a word",
        "grace",
        "/introductions/{grace_marisol_amara}",
        _of("voucher", "vouched", corrections=[{"from": {"name": "Amara Okafor"}, "corrected": False}]),
    ),
    State("both said yes today", "grace", "/introductions/{grace_nora_priya}", _of("voucher", "confirmed", went_well=False)),
    State(
        "a thank-you came back",
        "elena",
        "/introductions/{elena_suryani_maeve}",
        _of("voucher", "settled", went_well=True, thank_yous=[{}, {}]),
    ),
    State(
        "went well, without a thank-you",
        "elena",
        "/introductions/{elena_hannah_marisol}",
        _of("voucher", "settled", went_well=True, thank_yous=[]),
    ),
    State(
        "worthwhile, and she would keep her",
        "suryani",
        "/introductions/{elena_suryani_maeve}",
        _of("side", "settled", my_outcome="worthwhile", kept="know_well", connected=False),
    ),
    State(
        "worthwhile, and hers to keep",
        "maeve",
        "/introductions/{elena_suryani_maeve}",
        _of("side", "settled", my_outcome="worthwhile", kept=None, actions=["keep"]),
    ),
    State("both would keep each other", "hannah", "/introductions/{elena_hannah_marisol}", _of("side", "settled", connected=True)),
    State(
        "asked whether they are in touch", "valentina", "/introductions/{grace_maeve_valentina}", _of("side", "confirmed", in_touch=None)
    ),
    State("nobody said how it went", "priya", "/introductions/{priya_amara_grace}", _of("voucher", "settled", went_well=False)),
    State("did not go ahead", "priya", "/introductions/{priya_amara_ruth}", _of("voucher", "closed", my_answer=None)),
    State("did not go ahead, never vouched", "elena", "/introductions/{elena_ines_maeve}", _of("voucher", "closed", vouched_at=None)),
    State("withdrew her word", "grace", "/introductions/{grace_carmen_lucia}", _of("voucher", "closed", my_reason="know_more")),
)
SIDES = (
    State("asked", "valentina", "/introductions/{grace_valentina_priya}", _of("asker", "asked")),
    State("asked, vouched for, open", "ruth", "/introductions/{priya_ruth_grace}", _of("asker", "vouched")),
    State(
        "asked; the other's no looks like silence",
        "hannah",
        "/introductions/{elena_hannah_ruth}",
        _of("asker", "vouched", actions=["withdraw", "ask_correction"]),
    ),
    State("withdrew what she asked", "lucia", "/introductions/{amara_lucia_priya}", _of("asker", "closed")),
    State(
        "asked, and was answered in a kind sentence",
        "suryani",
        "/introductions/{elena_suryani_ruth}",
        _of("asker", "closed", kind_answer="rather_answer", my_reason=None),
    ),
    State("asked, and it did not go ahead", "amara", "/introductions/{priya_amara_ruth}", _of("asker", "closed")),
    State(
        "waits for her, with why",
        "grace",
        "/introductions/{priya_ruth_grace}",
        _of("counterpart", "vouched", my_answer=None, show_why_her=True),
    ),
    State(
        "said not now, and may still say yes",
        "ruth",
        "/introductions/{elena_hannah_ruth}",
        _of("counterpart", "closed", my_answer="passed", actions=["confirm"]),
    ),
    State(
        "said not now, and it is over",
        "ruth",
        "/introductions/{priya_amara_ruth}",
        _of("counterpart", "closed", my_answer="passed", actions=[]),
    ),
    State("proposed; the voucher's words are dated", "maeve", "/introductions/{ruth_maeve_priya}", _of("side", "vouched", my_answer=None)),
    State("proposed, waits for her", "maeve", "/introductions/{elena_lucia_maeve}", _of("side", "vouched", my_answer=None)),
    State("proposed, she said yes", "lucia", "/introductions/{elena_lucia_maeve}", _of("side", "vouched", my_answer="confirmed")),
    State(
        "asked the voucher to correct a word",
        "amara",
        "/introductions/{grace_marisol_amara}",
        _of("side", "vouched", corrections=[{"corrected": False}]),
    ),
    State(
        "the words were corrected, and her yes is asked anew",
        "ines",
        "/introductions/{maria_ines_marisol}",
        _of("side", "vouched", my_answer=None, words_version=1, corrections=[]),
    ),
    State(
        "proposed, she said not now",
        "amara",
        "/introductions/{maria_ines_amara}",
        _of("side", "closed", my_answer="passed", actions=["confirm"]),
    ),
    State(
        "proposed, and it did not go ahead", "suryani", "/introductions/{valentina_suryani_grace}", _of("side", "closed", my_answer=None)
    ),
    State("the voucher withdrew her word", "lucia", "/introductions/{grace_carmen_lucia}", _of("side", "closed", my_answer=None)),
    State(
        "both said yes today: her own ask",
        "nora",
        "/introductions/{grace_nora_priya}",
        _of("asker", "confirmed", my_outcome=None, first=True),
    ),
    State("both said yes today", "priya", "/introductions/{grace_nora_priya}", _of("counterpart", "confirmed", my_outcome=None)),
    State("both said yes last week", "valentina", "/introductions/{grace_maeve_valentina}", _of("side", "confirmed", my_outcome=None)),
    State("she is asked how it went", "carmen", "/introductions/{elena_maeve_carmen}", _of("counterpart", "confirmed", my_outcome=None)),
    State("she has said how it went", "maeve", "/introductions/{elena_maeve_carmen}", _of("asker", "confirmed", my_outcome="worthwhile")),
    State(
        "over, she may still say it was worthwhile",
        "amara",
        "/introductions/{priya_amara_grace}",
        _of("side", "settled", actions=["say_outcome"]),
    ),
    State(
        "over, both found it worthwhile", "hannah", "/introductions/{carmen_hannah_ines}", _of("asker", "settled", my_outcome="worthwhile")
    ),
)
INTRODUCTIONS = (
    State("none yet", "marta", "/introductions", {"items": []}),
    State("under way and past", "grace", "/introductions"),
)
LEDGER = (
    State("nothing yet", "marta", "/ledger", {"band": "new"}),
    State("new, one went well", "carmen", "/ledger", {"band": "new"}),
    State("building", "valentina", "/ledger", {"band": "building"}),
    State("established", "elena", "/ledger", {"band": "established"}),
)
NEEDS = (
    State(
        "waits for her to propose somebody", "maria", "/needs/{marisol_maria_marisol}", {"state": "open", "actions": ["propose", "decline"]}
    ),
    State("hers, open", "marisol", "/needs/{marisol_maria_marisol}", {"state": "open", "actions": ["withdraw"]}),
    State("she has proposed somebody", "marisol", "/needs/{grace_marisol_grace}", {"state": "answered", "my_role": "voucher"}),
    State("the same for the one who asked", "grace", "/needs/{grace_marisol_grace}", {"state": "open", "introduction_id": None}),
    State("asked first, by a need", "maria", "/introductions/{grace_marisol_grace_maria}", _of("side", "vouched", answers_need=True)),
    State("not there yet for the one who asked", "grace", "/introductions/{grace_marisol_grace_maria}", None),
    State("she knows nobody", "elena", "/needs/{lucia_elena_lucia}", {"state": "closed", "my_answer": "declined"}),
    State("the same for the one who asked, no otherwise than silence", "lucia", "/needs/{lucia_elena_lucia}", {"state": "open"}),
)
PAGES = {
    "Today": TODAY,
    "People": PEOPLE,
    "Suggestions": SUGGESTIONS,
    "A connection request": REQUESTS,
    "A member's page": MEMBERS,
    "What may reach her": REACH,
    "Forms": FORMS,
    "Introductions": INTRODUCTIONS,
    "An introduction, for its voucher": VOUCHERS,
    "An introduction, for a side": SIDES,
    "An ask by need": NEEDS,
    "Trust": LEDGER,
}
STATES = tuple(state for states in PAGES.values() for state in states)
