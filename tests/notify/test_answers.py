"""What each answer of a mail server means, and of whom it speaks: pure, as a table and as properties."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.delivery.domain import PAUSES, RUN, Reply, Run, Stage, broken, meaning, pause
from services.notify.queue.domain import ORDINARY, URGENT, Deferred, Rejected, Result, Sent, Suppressed, Unknown, Untried

STAGES: tuple[Stage, ...] = ("connect", "auth", "mail", "rcpt", "data", "words")
HERS, HER_LETTER = "rejected", "rejected, if it isn't about us"
LATER, LATER_OR_US = "deferred", "deferred, if it isn't about us"


def said(at: Stage, answer: str) -> str:
    code, _, text = answer.partition(" ")
    result = meaning(at, Reply.of(int(code), text))
    match result:
        case Untried():
            return str(result.why)
        case Rejected():
            return HER_LETTER if result.doubtful else HERS
        case Deferred():
            return LATER_OR_US if result.doubtful else LATER
        case _:
            return type(result).__name__.lower()


@pytest.mark.parametrize(
    ("at", "answer", "expected"),
    [
        # before RCPT nothing has been said of anybody
        ("connect", "421 4.7.0 too many connections", "busy"),
        ("connect", "554 no", "unwelcome"),
        ("connect", "220 late", "connect"),
        ("auth", "535 5.7.8 wrong", "login"),
        ("auth", "454 4.7.0 not now", "login"),
        ("mail", "450 4.7.1 rate limit", "busy"),
        ("mail", "451", "busy"),
        ("mail", "550 5.1.8 bad sender", "unwelcome"),
        ("mail", "530 5.7.0 log in first", "login"),
        # her address
        ("rcpt", "550 5.1.1 unknown user", HERS),
        ("rcpt", "550 5.1.2 no such domain", HERS),
        ("rcpt", "550 5.1.6 moved", HERS),
        ("rcpt", "556 5.1.10 null MX", HERS),
        ("words", "550 5.1.1 unknown user", HERS),
        ("words", "552 5.2.3 longer than her mailbox allows", HERS),
        # what Exim says of her and of us alike
        ("rcpt", "550 Unrouteable address", HER_LETTER),
        ("rcpt", "550 relay not permitted", HER_LETTER),
        ("rcpt", "550 5.1.0 something", HER_LETTER),
        ("rcpt", "550 5.0.0 something", HER_LETTER),
        ("rcpt", "550 2.1.5 contradicts itself", HER_LETTER),
        ("rcpt", "551 not local", HER_LETTER),
        ("rcpt", "553 not allowed", HER_LETTER),
        # the letter
        ("words", "552 5.3.4 too big", HER_LETTER),
        ("words", "554 5.6.0 bad content", HER_LETTER),
        ("words", "554 5.7.1 spam", HER_LETTER),
        # her mailbox
        ("rcpt", "552 5.2.2 full", LATER),
        ("words", "552 5.2.2 full", LATER),
        ("rcpt", "550 5.2.1 closed for now", LATER),
        ("rcpt", "450 4.2.0 greylisted", LATER),
        ("rcpt", "450 4.1.1 unverified", LATER),
        ("rcpt", "450 try later", LATER),
        ("rcpt", "451 4.4.3 no DNS for her domain", LATER),
        ("words", "452 4.2.2 full", LATER),
        # perhaps us
        ("rcpt", "554 5.7.1 relay access denied", LATER_OR_US),
        ("rcpt", "550 5.1.8 sender's domain", LATER_OR_US),
        ("rcpt", "550 5.4.4 no route", LATER_OR_US),
        ("rcpt", "554 no", LATER_OR_US),
        ("rcpt", "521 no mail here", LATER_OR_US),
        ("rcpt", "421 closing", LATER_OR_US),
        ("rcpt", "450 4.7.1 too many", LATER_OR_US),
        ("rcpt", "452 4.3.1 disk full", LATER_OR_US),
        ("rcpt", "452 4.5.3 too many recipients", LATER_OR_US),
        ("rcpt", "450 4.1.8 sender's domain", LATER_OR_US),
        ("rcpt", "354 what", LATER_OR_US),
        ("rcpt", "99 what", LATER_OR_US),
        ("data", "250 what", LATER_OR_US),
        ("data", "554 5.5.1 no valid recipients", LATER_OR_US),
        ("words", "554 5.7.0 sending limit", LATER_OR_US),
        ("words", "550 no", LATER_OR_US),
        ("words", "552 full or too big", LATER_OR_US),
        ("words", "451 4.7.1 service unavailable", LATER_OR_US),
        ("words", "451 try later", LATER_OR_US),
        # the end
        ("words", "250 2.0.0 taken", "sent"),
        ("words", "354 what", "unknown"),
        ("words", "-1 what", "unknown"),
    ],
)
def test_of_whom_an_answer_speaks(at: Stage, answer: str, expected: str) -> None:
    assert said(at, answer) == expected


TEXTS = st.one_of(st.text(max_size=40), st.from_regex(r"[2-6]\.\d{1,4}\.\d{1,4}( \w+)?(\n[45]\.\d\.\d)?", fullmatch=True))


@given(st.sampled_from(STAGES), st.integers(-1, 700), TEXTS)
def test_whatever_is_answered_nothing_is_lost_or_doubled_by_it(at: Stage, code: int, text: str) -> None:
    result = meaning(at, Reply.of(code, text))
    assert isinstance(result, Untried) == (at in ("connect", "auth", "mail"))
    assert isinstance(result, Sent) == (at == "words" and 200 <= code < 300)
    assert not isinstance(result, Unknown) or (at == "words" and not 400 <= code < 600)
    assert not isinstance(result, Rejected) or 500 <= code < 600
    assert not isinstance(result, Untried) or result.why in PAUSES
    assert re.fullmatch(r"[a-z: ]*[\d.]*( \d\.[\d.]+)?[a-z]*", result.reason), "text from outside"


@given(st.sampled_from(STAGES), st.integers(400, 599), st.text(max_size=20))
def test_a_code_of_another_class_is_not_read(at: Stage, code: int, text: str) -> None:
    other = 9 - code // 100
    assert meaning(at, Reply.of(code, f"{other}.1.1 {text}")) == meaning(at, Reply.of(code, "no"))


@pytest.mark.parametrize(("at", "expected"), [("mail", Untried), ("rcpt", Deferred), ("data", Deferred), ("words", Unknown)])
def test_no_answer_leaves_open_only_what_it_must(at: Stage, expected: type[Result]) -> None:
    result = broken(at, "lost")
    assert isinstance(result, expected)
    assert result.reason == f"{at}: lost"


def run_of(*results: tuple[str, Result], priority: int = ORDINARY, deferrals: int = 0) -> Run:
    run = Run()
    for number, (address, result) in enumerate(results):
        run = run.then(number, address, result, priority=priority, deferrals=deferrals)
    return run


NO, PERHAPS = Rejected("rcpt: 550", doubtful=True), Deferred("rcpt: 554 5.7.1", doubtful=True)


@pytest.mark.parametrize(
    ("run", "about_us", "rejected"),
    [
        (run_of(("a", NO), ("b", NO)), False, (0, 1)),
        (run_of(("a", NO), ("b", PERHAPS), ("c", NO)), True, (0, 2)),
        (run_of(("a", PERHAPS), ("a", PERHAPS), ("a", PERHAPS)), False, ()),
        (run_of(("a", NO), ("b", NO), ("d", Sent()), ("c", NO)), False, (3,)),
        (run_of(("a", NO), ("b", NO), ("d", Suppressed("blocked")), ("c", NO)), False, (3,)),
        (run_of(("a", NO), ("b", NO), ("d", Deferred("rcpt: 450 4.2.0")), ("c", NO)), True, (0, 1, 3)),
        (run_of(("a", NO), ("b", NO), ("d", Rejected("rcpt: 550 5.1.1")), ("c", NO)), True, (0, 1, 3)),
        (run_of(("a", Unknown("words: lost", doubtful=True)), ("b", PERHAPS), ("c", PERHAPS)), True, ()),
        (run_of(("a", NO), ("b", NO), ("c", NO), priority=URGENT), False, (0, 1, 2)),
        (run_of(("a", PERHAPS), ("b", PERHAPS), ("c", PERHAPS), priority=URGENT), True, ()),
        (run_of(("a", NO), ("b", NO), ("c", NO), deferrals=1), False, (0, 1, 2)),
    ],
)
def test_a_run_of_doubtful_answers_is_about_us(run: Run, about_us: bool, rejected: tuple[int, ...]) -> None:
    assert (run.is_about_us, run.rejected) == (about_us, rejected)
    assert RUN == 3


def test_pauses_grow_and_a_wrong_password_is_tried_seldom() -> None:
    for why, seconds in PAUSES.items():
        assert list(seconds) == sorted(seconds)
        assert [pause(why, number) for number in (1, len(seconds), 99)] == [seconds[0], seconds[-1], seconds[-1]]
    assert [*PAUSES["login"]] == [*PAUSES["certificate"]] == [60, 120, 300, 900]
    assert pause("refusing", 99) <= 30, "a code is good for ten minutes"
