"""What each lets reach her, her pause, and whom she is never introduced to."""

from deploy.local.community.people import PEOPLE
from deploy.local.community.script import Allowed

OPEN = {
    **{"bar": "met", "suggestible": True, "open_to_asks": True, "reachable": True},
    **{"introductions_in_30_days": 10, "asks_in_30_days": 10},
}
NOTHING_YET = ("joana", "marta")
"""They have only just joined, and ticked nothing."""

ALLOWED = (
    *(
        Allowed(by=person.key, day=person.joined, what="allow", says={**OPEN, "bar": person.bar, "question": person.question})
        for person in PEOPLE
        if person.key not in NOTHING_YET
    ),
    Allowed(by="grace", day=0, what="allow", says={**OPEN, "question": "Which of us is easier to talk to before seven in the morning?"}),
    Allowed(by="catalina", day=30, what="allow", says={**OPEN, "suggestible": False}),
    Allowed(by="valentina", day=0, what="allow", says={**OPEN, "introductions_in_30_days": 3}),
    Allowed(by="lucia", day=1, what="pause", says={"how_long": "month"}),
    Allowed(by="lucia", day=1, what="exclude", says={"organisation": "Haddad & Zonen, B.V."}),
    Allowed(by="lucia", day=0, what="exclude", of="ines"),
)
