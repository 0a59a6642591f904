"""What is sent to each route: what would be right if it came from a woman who may do it."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.contracts.http.members.photos import CONSENT
from tests.matrix.scene import WORDS, Scene
from tests.members.conftest import AGREED, BROWSER, IP, PROFILE
from tests.members.test_community import PUBLISHED, SAID, SETTLED
from tests.members.test_joining import ASK
from tests.members.test_photos import drawn
from tests.requests_service.calls import Cast, calls
from tests.requests_service.world import WHERE

REPORT = {"kind": "spam", "what_happened": WORDS}
MEMBERS: Mapping[tuple[str, str], Any] = {
    ("POST", "/v1/sign-in"): {"email": "ana@example.com", "language": "en", "browser": BROWSER, "ip": IP},
    ("POST", "/v1/sign-in/{challenge_id}"): {"code": "12345678", "browser": BROWSER, "ip": IP},
    ("POST", "/v1/sessions/tokens"): {"session": "no session", "audience": "members"},
    ("POST", "/v1/sessions/end"): {"session": "no session"},
    ("POST", "/v1/sign-in/passkeys/challenges"): {"browser": BROWSER},
    ("POST", "/v1/sign-in/passkeys"): {"credential": "none", "browser": BROWSER, "ip": IP},
    ("POST", "/v1/me/passkeys/challenges"): {"browser": BROWSER},
    ("POST", "/v1/me/passkeys"): {"credential": "none", "browser": BROWSER},
    ("POST", "/v1/me/addresses"): {"email": "new@example.com", "purpose": "sign_in"},
    ("POST", "/v1/me/addresses/confirm"): {"code": "12345678"},
    ("POST", "/v1/addresses/changes"): {"token": "no-change-ends-like-this-one"},
    ("POST", "/v1/addresses/changes/undo"): {"token": "no-change-ends-like-this-one"},
    ("PUT", "/v1/me/profile"): {**PROFILE, **AGREED},
    ("PUT", "/v1/me/photo"): {"picture": b64encode(drawn("PNG")).decode(), "consent": CONSENT},
    ("POST", "/v1/photos"): {"member_ids": []},
    ("PUT", "/v1/steward/logo"): {"picture": None},
    ("POST", "/v1/directory"): {"sought": "ana"},
    ("POST", "/v1/members/{member_id}/reports"): REPORT,
    ("POST", "/v1/community/texts"): {"text": "terms"},
    ("POST", "/v1/invitations/open"): {"invitation": "no-invitation-ends-like-this-one"},
    ("PUT", "/v1/me/join-request"): ASK,
    ("POST", "/v1/join-requests/{join_request_id}/recommendation"): {"recommends": True},
    ("POST", "/v1/moderation/join-requests/{join_request_id}/answer"): {"let_in": True},
    ("POST", "/v1/invitations/letters"): {"email": "mia@example.com", "language": "es"},
    ("POST", "/v1/me/leaving"): {"language": "es"},
    ("POST", "/v1/moderation/cases/{case_id}/hand-over"): {"to": None},
    ("POST", "/v1/moderation/cases/{case_id}/notes"): {"note": WORDS},
    ("POST", "/v1/moderation/cases/{case_id}/decisions"): {"kind": "dismiss"},
    ("POST", "/v1/public-notices"): {"kind": "illegal", "concerns": "Olga", "what_happened": WORDS, "language": "en", "ip": IP},
    ("POST", "/v1/public-notices/receipt"): {"token": "no-receipt-ends-like-this-one"},
    ("POST", "/v1/moderation/notices/{public_notice_id}/reply"): {"reply": WORDS},
    ("POST", "/v1/notices/{notice_id}/appeal"): {"appeal": WORDS},
    ("POST", "/v1/me/contests"): {"line": "upheld", "objection": WORDS},
    ("POST", "/v1/moderation/contests/{contest_id}/decision"): {"answer_to_her": WORDS},
    ("POST", "/v1/me/agreements"): {"text": "terms", "version": 1},
    ("PUT", "/v1/steward/community"): SETTLED,
    ("PUT", "/v1/steward/announcement"): SAID,
    ("POST", "/v1/steward/texts"): PUBLISHED,
}
"""The bodies of the routes of members and of contests."""

FORMS: Mapping[str, Mapping[str, str]] = {
    "/sign-in": {"email": "ana@example.com"},
    "/sign-in/{challenge_id}": {"code": "12345678"},
    **{path: {"credential": "none"} for path in ("/sign-in/passkey", "/step-up/passkey", "/me/passkeys")},
    **{path: {} for path in ("/sign-in/passkey/options", "/me/passkeys/options", "/step-up", "/me/sessions/end-others")},
    "/step-up/{challenge_id}": {"code": "12345678"},
    "/me/passkeys/{passkey_id}/remove": {},
    "/me/address": {"purpose": "sign_in", "email": "new@example.com"},
    "/me/address/confirm": {"purpose": "sign_in", "code": "12345678"},
    "/address/{token}": {},
    "/me/sessions/{session_id}/end": {},
    "/language": {"language": "es"},
    "/profile": {
        **{name: str(PROFILE[name]) for name in ("name", "headline", "language", "time_zone")},
        **{"languages": "es", "adult": "yes", "terms": "1"},
    },
    "/me/data": {},
    "/me/data/photo": {},
    "/me/data/group": {},
    "/find": {"sought": "ana"},
    "/photo": {"decision": "take_back"},
    "/steward/logo": {"decision": "remove"},
    "/joining": {"suggestible": "yes"},
    "/agree": {"version": "1"},
    "/announcement": {"number": "1"},
    "/steward": {"decision": "settle", **{name: str(value) for name, value in SETTLED.items()}},
    "/steward/{name}": {name: str(value) for name, value in PUBLISHED.items()},
    "/invite": {},
    "/invite/{invitation_id}": {},
    "/invite/of/{member_id}": {},
    "/invite/letter": {"email": "mia@example.com", "language": "es"},
    "/invite/named/{join_request_id}": {"answer": "recommend"},
    "/join": {**{name: str(value) for name, value in ASK.items()}, "adult": "yes"},
    "/moderation/joining/{join_request_id}": {"answer": "let_in"},
    "/moderation/cases/{case_id}": {"do": "note", "note": WORDS},
    "/moderation/cases/{case_id}/decision": {"kind": "dismiss"},
    "/moderation/notices/{public_notice_id}": {"reply": WORDS},
    "/moderation/contests/{contest_id}": {"answer_to_her": WORDS},
    "/ledger/contest": {"line": "upheld", "objection": WORDS},
    "/notice": {"kind": "illegal", "concerns": "Olga", "what_happened": WORDS},
    "/notices/{notice_id}": {},
    "/notices/{notice_id}/appeal": {"appeal": WORDS},
    "/me/discreet": {"discreet": "yes"},
    "/reach": {"bar": "met", "introductions_in_30_days": "2", "asks_in_30_days": "3"},
    "/suggestions": {"member_ids": "{member_id}"},
    "/connections/tidy": {"member_id": "{voucher_id}"},
    "/connections/{member_id}": {"open_to_asks": "no"},
    "/connections/{member_id}/closeness": {"closeness": "met"},
    "/connections/{member_id}/provenance": {"how_met": "event", "where_we_met": WHERE},
    "/connections/{member_id}/remove": {},
    "/connection-requests/{request_id}": {"decision": "accept", "closeness": "met"},
    "/connection-requests/{request_id}/question": {"clarifying_question": WORDS},
    "/m/{member_id}/block": {},
    "/m/{member_id}/report": {"kind": "spam", "what_happened": WORDS},
    "/me/blocks/{member_id}": {},
    "/me/leave": {"decision": "leave"},
    "/m/{member_id}/connect": {
        "how_met": "event",
        "where_we_met": "At the fair of the harbour museum",
        "why_now": WORDS,
        "closeness": "met",
    },
    "/m/{member_id}/exclude": {},
    "/m/{member_id}/introduction": {},
    "/m/{member_id}/introduction/{voucher_id}": {"why_her": WORDS},
    "/m/{member_id}/need": {"looking_for": WORDS},
    "/m/{member_id}/propose/{other_id}": {"words_for.{member_id}": WORDS, "words_for.{other_id}": WORDS},
    "/needs/{need_id}": {"decision": "withdraw"},
    "/needs/{need_id}/propose/{other_id}": {"words_for.{member_id}": WORDS, "words_for.{other_id}": WORDS},
    "/introductions/{introduction_id}": {"decision": "confirm"},
    "/introductions/{introduction_id}/vouch": {"words_for.{member_id}": WORDS, "words_for.{other_id}": WORDS},
    "/introductions/{introduction_id}/words": {"words_for.{member_id}": WORDS, "words_for.{other_id}": WORDS},
    "/introductions/{introduction_id}/correction": {"correction": WORDS},
    "/introductions/{introduction_id}/outcome": {"answer": "worthwhile"},
    "/introductions/{introduction_id}/keep": {"closeness": "met"},
}
"""The fields of every form; a form without any is named as well."""

QUERIES: Mapping[str, str] = {"/v1/bands": "member_id={member_id}"}
"""What stands behind the path."""


def bodies(scene: Scene) -> dict[tuple[str, str], Any]:
    """The body of every route of members and requests that takes one."""
    people = {name: UUID(scene.ids[name]) for name in ("member_id", "other_id", "voucher_id")}
    things = (scene.ids["request_id"], scene.ids["introduction_id"], scene.ids["need_id"], scene.ids["exclusion_id"])
    about_her = Cast(people["other_id"], people["member_id"], people["voucher_id"], *things)
    about_voucher = Cast(people["other_id"], people["voucher_id"], people["member_id"], *things)
    found: dict[tuple[str, str], Any] = dict(MEMBERS)
    for cast, of_voucher in ((about_her, False), (about_voucher, True)):
        for call in calls(cast):
            if of_voucher == knows_her(call.path):
                found.setdefault((call.method, call.path), call.body)
    return found


def knows_her(path: str) -> bool:
    """Whether the path is about a woman whom the asker should know: then it is about the voucher, who is connected with both."""
    return path.startswith(("/v1/connections/{member_id}", "/connections/{member_id}", "/m/{member_id}/need", "/m/{member_id}/propose"))


def filled(text: str, scene: Scene, about: str) -> str:
    """The text with the scene's ids; `about` is the path that it is for."""
    ids = dict(scene.ids)
    if knows_her(about):
        ids |= {"member_id": ids["voucher_id"], "other_id": ids["member_id"]}
    return text.format(**ids)
