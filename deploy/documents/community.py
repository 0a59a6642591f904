"""docs/demo-community.md: where each state of each page is to be seen, written from the demo community's own table."""

import re
from collections.abc import Iterator

from deploy.local.community.people import PEOPLE
from deploy.local.community.state import State
from deploy.local.community.states import PAGES

_INTRO = """# Where each state is to be seen

Written by `make documents` from `deploy/local/community/states.py`; a test fails if it is out of date, and another signs in as each of
these women and looks.

Sign in with her name and `@madrina.test`; the code is in the mailbox. The ids of members, requests and introductions are other ones in each
run, so here they are names: `.madrina/community` has every whole address. It is so on the day on which the community was made.

- The landing, the door and the code are for visitors, and tell the story of Hannah, Carmen and Inés. A profile before it is there: sign in
  with any new address. Pilar is suspended: when she signs in, all that she finds is that.
- A newcomer's Today names whose link brought her if she came by one: let Marta open Carmen's page, signed out, and sign in from there.
- On the 31st of a month Catalina may ask like everyone: nobody is held to introductions for longer than 30 days from the 1st.
- Elena is the steward: sign in as her, add a passkey under *How you sign in*, and sign in with it; her page then leads to *The community*.
  What she settled stands at the foot of every page, and on Today until somebody dismisses it.
- What moderators see is there for Ruth once she has made a passkey in the same way. All that is decided was decided by Teresa, who is a
  moderator as well; so the appeal against her waits for Ruth. Numbers are shown only of half-years that are over: for them Teresa and
  Rebeca have been here since the one before, when eleven public notices were about Rebeca. The letter to `amparo@feria.test` leads to the
  receipt of another.
- Joining is open here. Aitana asked to join while Elena had set it to *by request*, and a request that was made waits all the same. The
  form of a new one is there once Elena sets it so again.
- Not here, but in the tests of the pages: errors; twenty open requests; trust that is *Mixed*, for which a moderator must uphold a report.

| page | state | sign in as | path | about |
|---|---|---|---|---|
"""
_NAMES = {person.key: person.name.split()[0] for person in PEOPLE}


def render() -> str:
    """The whole page."""
    return _INTRO + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for page, states in PAGES.items():
        for state in states:
            path = re.sub(r"\{\w+\}", "…", state.path)
            who = f"{state.who}, with a passkey" if state.passkey else state.who
            yield f"| {page} | {state.title} | {who} | `{path}` | {', '.join(_others(state))} |"


def _others(state: State) -> Iterator[str]:
    """Whom it is about, besides herself, in the order of the path."""
    for name in re.findall(r"\{(\w+)\}", state.path):
        yield from (_NAMES[key] for key in name.split("_") if key in _NAMES and key != state.who)
