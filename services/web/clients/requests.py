"""The requests service: connection requests, connections, introductions, and what waits for her."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.web.clients.base import Client, Typed, creates, does, reads
from shared.contracts.http import requests as api


class Requests(Client):
    """Its routes."""

    todo = reads(api.todo.TODO)
    member = reads(api.connections.MEMBER)
    report_question = does(api.connections.REPORT_QUESTION)

    ask_to_connect = creates(api.connections.ASK)
    check_note = reads(api.connections.CHECK_NOTE)
    connection_requests = reads(api.connections.CONNECTION_REQUESTS)
    connection_request = reads(api.connections.CONNECTION_REQUEST)
    accept = does(api.connections.ACCEPT)
    decline = does(api.connections.DECLINE)
    ask_question = does(api.connections.ASK_QUESTION)
    answer_question = does(api.connections.ANSWER_QUESTION)
    withdraw = does(api.connections.WITHDRAW)

    connections = reads(api.people.CONNECTIONS)
    connection = reads(api.people.CONNECTION)
    set_closeness = does(api.people.SET_CLOSENESS)
    set_provenance = does(api.people.SET_PROVENANCE)
    quiet = reads(api.people.TIDY)
    keep_quiet = does(api.people.KEEP)
    remove = does(api.people.REMOVE)

    look_up = does(api.suggestions.LOOK_UP)
    paths = reads(api.suggestions.PATHS)
    suggestions = reads(api.suggestions.SUGGESTIONS)

    asking_need = reads(api.needs.ASKING_NEED)
    need = reads(api.needs.NEED)
    answer_need = creates(api.needs.ANSWER_NEED)

    proposing = reads(api.introductions.PROPOSING)
    introductions = reads(api.introductions.INTRODUCTIONS)
    withdrawn_vouches = reads(api.introductions.WITHDRAWN_VOUCHES)
    introduction = reads(api.introductions.INTRODUCTION)
    vouch = does(api.introductions.VOUCH)
    keep = does(api.introductions.KEEP)

    reach = reads(api.reach.REACH)
    set_reach = does(api.reach.SET_REACH)
    pause = does(api.reach.PAUSE)
    end_pause = does(api.reach.END_PAUSE)
    exclude = creates(api.reach.EXCLUDE)
    include = does(api.reach.INCLUDE)

    async def set_openness(self, member_id: UUID, open_to_asks: bool | None, *, key: str) -> None:
        """Say whether that connection may ask her for introductions; None: as all may."""
        await self.do(api.people.SET_OPENNESS, key, {"open_to_asks": open_to_asks}, member_id=member_id)

    async def ask(self, voucher_id: UUID, counterpart_id: UUID, ask: Typed, *, key: str) -> UUID:
        """Ask for an introduction: why her, and for how many days."""
        ask = {"voucher_id": voucher_id, "counterpart_id": counterpart_id, **ask}
        return await self._create(api.introductions.ASK, key, ask)

    async def dismiss(self, member_ids: Sequence[str], *, key: str) -> None:
        """Never be suggested her again, or never these two."""
        await self.do(api.suggestions.DISMISS, key, {"member_ids": list(member_ids)})

    async def propose(self, words_for: Mapping[UUID, str], last_spoke: Typed, *, key: str) -> UUID:
        """Propose an introduction, with words for each of the two sides, and when she last spoke with each."""
        proposal = {"side_ids": list(words_for), "words_for": words_for, "last_spoke": last_spoke}
        return await self._create(api.introductions.PROPOSE, key, proposal)

    async def ask_need(self, voucher_id: UUID, ask: Typed, *, key: str) -> UUID:
        """Say whom she looks for."""
        return await self._create(api.needs.ASK_NEED, key, {"voucher_id": voucher_id, **ask})

    async def ask_correction(self, introduction_id: UUID, correction: str, *, key: str) -> None:
        """Ask the voucher to correct what is said of her."""
        await self.do(api.introductions.ASK_CORRECTION, key, {"correction": correction}, introduction_id=introduction_id)

    async def correct(self, introduction_id: UUID, words_for: Mapping[str, str], *, key: str) -> None:
        """Write other words for both sides, as their voucher."""
        await self.do(api.introductions.CORRECT, key, {"words_for": words_for}, introduction_id=introduction_id)

    async def say_outcome(self, introduction_id: UUID, answer: str, thank_you: str | None, report: str | None, *, key: str) -> None:
        """Say how it went."""
        outcome = {"answer": answer, "thank_you": thank_you, "report": report}
        await self.do(api.introductions.SAY_OUTCOME, key, outcome, introduction_id=introduction_id)
