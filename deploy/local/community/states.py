"""Which page shows which state to whom: the community is there to be looked at, so nothing that a page can say may be missing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.local.community.asking_many import only_introduced_until
from deploy.local.community.introduction_states import SIDES, VOUCHERS
from deploy.local.community.safety_states import JOINING, MODERATED, MODERATION, NOTICES, SAFETY
from deploy.local.community.state import State, of


def _todo(**lengths: int) -> Mapping[str, Any]:
    """How many of each kind wait for her."""
    waiting = {"connection_requests": 0, "asked_back": 0, "introductions": 0, "outcomes": 0, "sent": 0, "under_way": 0} | lengths
    return {kind: {"items": [{}] * length} for kind, length in waiting.items()}


UNTIL = only_introduced_until(datetime.now(UTC))
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
    State(
        "may only be introduced for now",
        "catalina",
        "/",
        {"introductions_only_until": UNTIL and f"{UNTIL:%Y-%m-%dT%H:%M:%SZ}", "introductions": {"items": [{}]}},
    ),
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
INVITATIONS = (
    State("one is open, one was used", "ruth", "/invite", {"open": [{}], "left": 1, "invited": [{"name": "Bethan Rees"}]}),
    State("none yet, and one may go by letter", "marta", "/invite", {"open": [], "left": 3, "invited": [], "by_letter": True}),
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
    State(
        "can't be asked by who may only be introduced",
        "catalina",
        "/m/{grace}",
        {"cannot_request": {"code": "introductions_only"}} if UNTIL else {"can_request": True},
    ),
    State("has a question of her own", "joana", "/m/{amara}", {"can_request": True, "question": AMARA, "left_today": 1}),
    State("can't be asked to connect today", "nora", "/m/{elena}", {"cannot_request": {"code": "too_many_requests_today"}}),
    State("no introduction to her again yet", "amara", "/m/{ruth}", {"cannot_ask": {"code": "cannot_ask"}}),
    State("no introduction while so many are open", "hannah", "/m/{joana}", {"cannot_ask": {"code": "too_many_open_asks"}}),
    State("introduced by Carmen", "hannah", "/m/{ines}", {"introduced": {"voucher": {"name": "Carmen Ibáñez"}}}),
    State("an introduction is under way", "lucia", "/m/{maeve}", {"can_ask": True, "introduced": None}),
    State("can't be asked: she is paused", "marta", "/m/{lucia}", {"can_request": False, "cannot_request": None, "can_ask": False}),
    State("no introduction to her: she has had enough this month", "ruth", "/m/{valentina}", {"can_ask": False, "cannot_ask": None}),
    State("shows a photo", "joana", "/m/{amara}"),
    State("her own photo", "grace", "/photo"),
    State("no photo, and how to show one", "marta", "/photo"),
    State("suspended: absent", "carmen", "/m/{pilar}", None),
    State("blocked: absent for the one and the other", "catalina", "/m/{marta}", None),
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
INTRODUCTIONS = (
    State("none yet", "marta", "/introductions", {"items": []}),
    State("under way and past", "grace", "/introductions"),
)
LEDGER = (
    State("nothing yet", "marta", "/ledger", {"band": "new"}),
    State("new, one went well", "carmen", "/ledger", {"band": "new"}),
    State("new, and why she withdrew her word", "grace", "/ledger", {"band": "new"}),
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
    State("asked first, by a need", "maria", "/introductions/{grace_marisol_grace_maria}", of("side", "vouched", answers_need=True)),
    State("not there yet for the one who asked", "grace", "/introductions/{grace_marisol_grace_maria}", None),
    State("somebody said yes", "catalina", "/needs/{catalina_valentina_catalina}", {"state": "answered", "my_role": "asker"}),
    State(
        "whom her voucher thought of, to confirm",
        "catalina",
        "/introductions/{catalina_valentina_catalina_marisol}",
        of("side", "vouched", my_answer=None, answers_need=True, actions=["confirm", "pass", "ask_correction"]),
    ),
    State("she proposed somebody, who said yes", "valentina", "/needs/{catalina_valentina_catalina}", {"state": "answered"}),
    State(
        "the same, as the voucher sees it: who has answered isn't told",
        "valentina",
        "/introductions/{catalina_valentina_catalina_marisol}",
        of("voucher", "vouched", my_answer=None, answers_need=True),
    ),
    State(
        "asked first, and she said yes",
        "marisol",
        "/introductions/{catalina_valentina_catalina_marisol}",
        of("side", "vouched", my_answer="confirmed", answers_need=True),
    ),
    State("she knows nobody", "elena", "/needs/{lucia_elena_lucia}", {"state": "closed", "my_answer": "declined"}),
    State("the same for the one who asked, no otherwise than silence", "lucia", "/needs/{lucia_elena_lucia}", {"state": "open"}),
)
COMMUNITY = (
    State("an announcement of the steward's", "suryani", "/"),
    State("the community's name, and who runs it", "marta", "/about"),
    State("the steward's page: not there until she has signed in with a passkey", "elena", "/steward", None),
    State("the same for everyone else, always", "marta", "/steward", None),
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
    "Safety": SAFETY,
    "Moderation": MODERATION,
    "Decisions about her": MODERATED,
    "Public notices": NOTICES,
    "Invitations": INVITATIONS,
    "A request to join": JOINING,
    "The community": COMMUNITY,
}
STATES = tuple(state for states in PAGES.values() for state in states)
