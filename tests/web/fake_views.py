"""What the fake requests service shows of a row to whom."""

from typing import Any
from uuid import UUID

from tests.web.fake_world import World, later


def request_view(world: World, row: dict[str, Any], who: UUID) -> dict[str, Any]:
    """A connection request; a quiet decline looks pending to the requester."""
    requester = row["requester"] == who
    kind, declined = row.get("kind_answer"), row["state"] == "declined" and not requester
    state = {"declined": "pending" if requester and not kind else "closed"}.get(row["state"], row["state"])
    answers = ["accept", "decline", "decline_kindly"]
    actions = (["withdraw"] if requester else answers) if state == "pending" else answers[::2] if declined and not kind else []
    asked, answered = row.get("clarifying_question"), row.get("clarifying_answer")
    if state == "pending" and (not asked if not requester else asked and not answered):
        actions = [*actions, "answer_question" if requester else "ask_question"]
    return {
        **row,
        "requester": world.card(row["requester"]),
        "recipient": world.card(row["recipient"]),
        "my_role": "requester" if requester else "recipient",
        "state": state,
        "closeness": row["closeness"].get(who),
        "my_answer": None if not declined else "unknown" if row.get("unknown") else "declined",
        "actions": actions,
    }


def is_first_connection(world: World, row: dict[str, Any], who: UUID) -> bool:
    """The request was accepted, and no connection of hers is older."""
    other = row["recipient"] if who == row["requester"] else row["requester"]
    oldest = next((her for me, her in world.connections if me == who), None)
    return bool(row["state"] == "accepted" and oldest == other)


def is_first_introduction(world: World, row: dict[str, Any], who: UUID) -> bool:
    """The first for which she vouched, or that was confirmed for her."""
    vouches = who == row["voucher"]
    when = "vouched_at" if vouches else "confirmed_at"
    hers = [one for one in world.introductions.values() if (one["voucher"] == who if vouches else who in one["sides"]) and one[when]]
    return min(hers, key=lambda one: one[when], default={}) is row


def _looks(row: dict[str, Any]) -> str:
    if row["closed"]:
        return "closed"
    if row["confirmed_at"]:
        return "settled" if row.get("settled") else "confirmed"
    return "vouched" if row["vouched_at"] else "asked"


def _actions(row: dict[str, Any], who: UUID, state: str, said_outcome: dict[str, Any] | None) -> list[str]:
    said = row["said"].get(who)
    if who == row["voucher"]:
        asked = ([] if row["cannot_vouch"] else ["vouch"]) + ([] if said == "declined" else ["decline"]) + ["decline_kindly"]
        waits = any(not one["corrected"] for one in row["corrections"].values())
        return {"asked": asked, "vouched": [*(["correct"] if waits else []), "withdraw_vouch"]}.get(state, [])
    if state in ("confirmed", "settled"):
        return _keeping(row, who, said_outcome) if said_outcome else [*_in_touch(row, who), "say_outcome"]
    if state != "vouched":
        return ["withdraw"] if state == "asked" else []
    may_ask = [] if said == "passed" or who in row["corrections"] else ["ask_correction"]
    no = "withdraw" if who == row["asker"] else "pass"
    return {"confirmed": [no], "passed": ["confirm"]}.get(said, ["confirm", no]) + may_ask


def words_version(row: dict[str, Any]) -> int:
    """Which words of the voucher's these are."""
    return sum(one["corrected"] for one in row["corrections"].values())


def _keeping(row: dict[str, Any], who: UUID, said: dict[str, Any]) -> list[str]:
    if len(row["keeps"]) == 2 or said["answer"] != "worthwhile":
        return []
    return ["let_go"] if who in row["keeps"] else ["keep"]


def _in_touch(row: dict[str, Any], who: UUID) -> list[str]:
    asked = later(-21) < row["confirmed_at"] <= later(-5)
    return ["say_in_touch"] if asked and who == _writes_first(row) and row["in_touch"] != "yes" else []


def _writes_first(row: dict[str, Any]) -> UUID:
    first: UUID = row["asker"] or row["sides"][1]
    return first


def introduction_view(world: World, row: dict[str, Any], who: UUID) -> dict[str, Any]:
    """An introduction as one of the three may see it."""
    voucher, looks, mine = who == row["voucher"], _looks(row), world.outcomes.get((row["id"], who))
    role = "voucher" if voucher else "side" if row["asker"] is None else "asker" if who == row["asker"] else "counterpart"
    thanks = [(side, world.outcomes.get((row["id"], side), {}).get("thank_you")) for side in row["sides"]]
    return {
        **row,
        "state": "closed" if row["said"].get(who) in ("passed", "declined") else looks,
        "my_role": role,
        "voucher": world.card(row["voucher"]),
        "sides": [world.card(side) for side in row["sides"]],
        "asker_id": row["asker"],
        "why_her": row["why_her"] if role in ("voucher", "asker") or row["show_why_her"] else None,
        "words_for": dict(sorted(row["words_for"].items(), key=lambda one: one[0] != who)),
        "vouches_left": 3 if voucher and looks == "asked" else None,
        "my_reason": row["reason"] if voucher else None,
        "words_version": words_version(row),
        "corrections": [{"from": world.card(side), **one} for side, one in row["corrections"].items() if voucher or side == who],
        "closed_at": None,
        "my_answer": row["said"].get(who),
        "my_outcome": mine["answer"] if mine else None,
        "went_well": row["went_well"] and voucher,
        "thank_yous": [{"from": world.card(side), "text": text} for side, text in thanks if text and voucher and row["went_well"]],
        "actions": _actions(row, who, looks, mine),
        "writes_first": None if voucher or not row["confirmed_at"] else _writes_first(row),
        "in_touch": row["in_touch"] if who == _writes_first(row) else None,
        "kept": row["keeps"].get(who),
        "connected": len(row["keeps"]) == 2,
        "cannot_vouch": row["cannot_vouch"] if voucher and looks == "asked" else None,
        "connection_with_asker": {"how_met": "event", "where_we_met": "The data workshop in Oaxaca"} if voucher else None,
    }
