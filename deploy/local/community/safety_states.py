"""States of what a member does for her safety, what moderators do, what others tell them who are no members, and a request to join."""

from deploy.local.community.moderated import ANSWER, REPLY
from deploy.local.community.state import State

_CATALINA = {"state": "open", "moderator": None, "about": {"name": "Catalina Rueda"}}
_APPEALED = {"state": "appealed", "moderator": None, "about": {"name": "Rebeca Lozano"}}
_TERESA = {"moderator": {"name": "Teresa Aldana"}}

SAFETY = (
    State("whom she blocks", "marta", "/me/blocks", {"items": [{"name": "Catalina Rueda"}]}),
    State("she blocks nobody", "catalina", "/me/blocks", {"items": []}),
    State("what she told moderators", "marta", "/me/reports", {"items": [{"kind": "spam", "name": "Catalina Rueda"}]}),
    State("to block her", "grace", "/m/{catalina}/block"),
    State("to tell moderators about her", "grace", "/m/{catalina}/report"),
    State("to tell moderators about whom she blocks", "marta", "/m/{catalina}/report"),
    State("discreet, or not", "marta", "/me/discreet"),
    State("another address for introductions", "amara", "/me/address", {"passed_on": "amara.okafor@harbour.test"}),
    State("a moderator, without a passkey yet", "ruth", "/me/signing-in", {"appointed": ["moderator"], "passkeys": []}),
)
MODERATION = (
    State("an appeal and an open case wait", "ruth", "/moderation", {"items": [_APPEALED, _CATALINA]}, passkey=True),
    State(
        "open, and nobody has taken it",
        "ruth",
        "/moderation/cases/{case_catalina_marta}",
        {**_CATALINA, "mine": False, "can_decide": True},
        passkey=True,
    ),
    State(
        "taken and decided, and she has read it",
        "ruth",
        "/moderation/cases/{case_rebeca_ines}",
        {**_TERESA, "state": "decided", "decisions": [{"kind": "change", "acknowledged_at": ...}], "can_decide": False},
        passkey=True,
    ),
    State(
        "appealed; two decisions came before",
        "ruth",
        "/moderation/cases/{case_rebeca_hannah}",
        {**_APPEALED, "appeal": ..., "earlier": [{}, {}], "can_decide": True},
        passkey=True,
    ),
    State("the same appeal: not there for who decided", "teresa", "/moderation/cases/{case_rebeca_hannah}", None, passkey=True),
    State(
        "settled, from eleven public notices",
        "ruth",
        "/moderation/cases/{case_rebeca}",
        {**_TERESA, "state": "settled", "reports": [{"by": None}] * 11, "decisions": [{"kind": "limit"}]},
        passkey=True,
    ),
    State("who did what", "ruth", "/moderation/log", passkey=True),
    State("closed circles", "ruth", "/moderation/circles", passkey=True),
    State("not there without a passkey", "ruth", "/moderation", None),
    State(
        "a half-year in numbers",
        "marta",
        "/transparency",
        {
            "tables": [
                {"what": "decisions", "counts": {"limit": None}, "total": None},
                {"what": "reports", "counts": {"spam": 6, "not_as_described": None, "other": None}, "total": 11},
            ]
        },
    ),
)
MODERATED = (
    State("three", "rebeca", "/notices", {"items": [{"kind": "limit"}, {"kind": "change"}, {"kind": "limit"}]}),
    State(
        "she has read it, and may appeal",
        "rebeca",
        "/notices/{decision_rebeca_2}",
        {"kind": "change", "acknowledged_at": ..., "appeal_until": ..., "appeal": None},
    ),
    State("what speaks against it", "rebeca", "/notices/{decision_rebeca_2}/appeal"),
    State("she has appealed", "rebeca", "/notices/{decision_rebeca_3}", {"kind": "limit", "appeal": ..., "appeal_until": None}),
    State("over, and nothing holds any more", "rebeca", "/notices/{decision_rebeca_1}", {"kind": "limit", "appeal_until": None}),
    State("none", "marta", "/notices", {"items": []}),
)
NOTICES = (
    State("for whoever needn't be a member", "marta", "/notice"),
    State("one waits", "ruth", "/moderation/notices", {"items": [{"kind": "impersonation"}]}, passkey=True),
    State(
        "to answer; it names no member",
        "ruth",
        "/moderation/notices/{notice_waiting}",
        {"answered_at": None, "case_id": None},
        passkey=True,
    ),
    State(
        "answered; it belongs to a case", "ruth", "/moderation/notices/{notice_answered}", {"reply": REPLY, "case_id": ...}, passkey=True
    ),
    State("the receipt, with the answer", "marta", "/notice/{receipt}", {"reply": ANSWER}),
)
JOINING = (
    State("hers, and it waits for an answer", "aitana", "/join", {"let_in": None}),
    State(
        "to answer; a member recommends her",
        "ruth",
        "/moderation/joining",
        {"items": [{"name": "Aitana Sorolla", "recommended_by": {"name": "Inés Aguirre"}}]},
        passkey=True,
    ),
    State("named her, who recommends her", "ines", "/invite", {"named_by": [{"name": "Aitana Sorolla", "recommends": True}]}),
)
