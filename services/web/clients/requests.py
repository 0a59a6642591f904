"""The requests service: connection requests, connections, introductions, and what waits for her."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.web.clients.base import Client, Typed
from shared.contracts.http.base import Page
from shared.contracts.http.requests import connections, introductions, needs, people, reach, suggestions, todo
from shared.contracts.http.requests.connections import ConnectionRequestView, MemberView, NoteView
from shared.contracts.http.requests.introductions import IntroductionView, ProposingView
from shared.contracts.http.requests.needs import AskingNeedView, NeedView
from shared.contracts.http.requests.people import ConnectionView
from shared.contracts.http.requests.reach import ReachView
from shared.contracts.http.requests.suggestions import PathsView, SuggestionsView
from shared.contracts.http.requests.todo import TodoView
from shared.paging import PAGE


class Requests(Client):
    """Its routes."""

    async def todo(self) -> TodoView:
        """What waits for her and what is under way: the first page of each kind."""
        return await self._read(todo.TODO)

    async def member(self, member_id: UUID) -> MemberView:
        """What another member is to her."""
        return await self._read(connections.MEMBER, member_id=member_id)

    async def report_question(self, member_id: UUID, question: Typed, *, key: str) -> None:
        """Tell moderators of the question she asks of requesters."""
        await self._do(connections.REPORT_QUESTION, key, question, member_id=member_id)

    async def ask_to_connect(self, request: Typed, *, key: str) -> UUID:
        """Send a connection request; the id of the one that is there now, which is the other's if the two crossed."""
        return await self._create(connections.ASK, key, request)

    async def check_note(self, note: Typed) -> NoteView:
        """What the note gate says of what she has written so far."""
        return await self._read(connections.CHECK_NOTE, body=note)

    async def connection_requests(self, after: UUID | None = None) -> Page[ConnectionRequestView]:
        """Her connection requests that are open, sent and received."""
        return await self._read(connections.CONNECTION_REQUESTS, {"after": after})

    async def connection_request(self, request_id: UUID) -> ConnectionRequestView:
        """One of them."""
        return await self._read(connections.CONNECTION_REQUEST, request_id=request_id)

    async def accept(self, request_id: UUID, closeness: Typed, *, key: str) -> None:
        """Accept one of them, and say how well she knows the requester."""
        await self._do(connections.ACCEPT, key, closeness, request_id=request_id)

    async def decline(self, request_id: UUID, how: Typed, *, key: str) -> None:
        """Decline one of them, quietly or in a kind sentence."""
        await self._do(connections.DECLINE, key, how, request_id=request_id)

    async def ask_question(self, request_id: UUID, question: Typed, *, key: str) -> None:
        """Ask the requester one question before deciding."""
        await self._do(connections.ASK_QUESTION, key, question, request_id=request_id)

    async def answer_question(self, request_id: UUID, answer: Typed, *, key: str) -> None:
        """Answer the recipient's question."""
        await self._do(connections.ANSWER_QUESTION, key, answer, request_id=request_id)

    async def withdraw(self, request_id: UUID, *, key: str) -> None:
        """Withdraw one that she sent."""
        await self._do(connections.WITHDRAW, key, request_id=request_id)

    async def connections(self, after: UUID | None = None, limit: int = PAGE) -> Page[ConnectionView]:
        """Her connections."""
        return await self._read(people.CONNECTIONS, {"after": after, "limit": limit})

    async def connection(self, member_id: UUID) -> ConnectionView:
        """Her connection with that member."""
        return await self._read(people.CONNECTION, member_id=member_id)

    async def set_closeness(self, member_id: UUID, closeness: Typed, *, key: str) -> None:
        """Say how well she knows a connection and when they last spoke, having seen what she had said before."""
        await self._do(people.SET_CLOSENESS, key, closeness, member_id=member_id)

    async def quiet(self) -> Page[ConnectionView]:
        """A few of her connections that have gone quiet."""
        return await self._read(people.TIDY)

    async def keep_quiet(self, member_id: UUID, *, key: str) -> None:
        """Have one of them stay."""
        await self._do(people.KEEP, key, member_id=member_id)

    async def remove(self, member_id: UUID, *, key: str) -> None:
        """Be connected with her no longer."""
        await self._do(people.REMOVE, key, member_id=member_id)

    async def set_provenance(self, member_id: UUID, provenance: Typed, *, key: str) -> None:
        """Say her way where she and a connection met, having seen what stood there before."""
        await self._do(people.SET_PROVENANCE, key, provenance, member_id=member_id)

    async def set_openness(self, member_id: UUID, open_to_asks: bool | None, *, key: str) -> None:
        """Say whether that connection may ask her for introductions; None: as all may."""
        await self._do(people.SET_OPENNESS, key, {"open_to_asks": open_to_asks}, member_id=member_id)

    async def ask(self, voucher_id: UUID, counterpart_id: UUID, ask: Typed, *, key: str) -> UUID:
        """Ask for an introduction: why her, and for how many days."""
        ask = {"voucher_id": voucher_id, "counterpart_id": counterpart_id, **ask}
        return await self._create(introductions.ASK, key, ask)

    async def look_up(self, member_id: UUID, *, key: str) -> None:
        """Look up who could introduce her to that member."""
        await self._do(suggestions.LOOK_UP, key, member_id=member_id)

    async def paths(self, member_id: UUID) -> PathsView:
        """Who could, if she looked it up within a day."""
        return await self._read(suggestions.PATHS, member_id=member_id)

    async def suggestions(self) -> SuggestionsView:
        """Whom she might know, and whom she could introduce."""
        return await self._read(suggestions.SUGGESTIONS)

    async def dismiss(self, member_ids: Sequence[str], *, key: str) -> None:
        """Never be suggested her again, or never these two."""
        await self._do(suggestions.DISMISS, key, {"member_ids": list(member_ids)})

    async def propose(self, words_for: Mapping[UUID, str], last_spoke: Typed, *, key: str) -> UUID:
        """Propose an introduction, with words for each of the two sides, and when she last spoke with each."""
        proposal = {"side_ids": list(words_for), "words_for": words_for, "last_spoke": last_spoke}
        return await self._create(introductions.PROPOSE, key, proposal)

    async def asking_need(self, member_id: UUID) -> AskingNeedView:
        """Whether she can ask that connection by need."""
        return await self._read(needs.ASKING_NEED, member_id=member_id)

    async def ask_need(self, voucher_id: UUID, ask: Typed, *, key: str) -> UUID:
        """Say whom she looks for."""
        return await self._create(needs.ASK_NEED, key, {"voucher_id": voucher_id, **ask})

    async def need(self, need_id: UUID) -> NeedView:
        """An ask by need."""
        return await self._read(needs.NEED, need_id=need_id)

    async def answer_need(self, need_id: UUID, answer: Typed, *, key: str) -> UUID:
        """Propose somebody; the introduction's id."""
        return await self._create(needs.ANSWER_NEED, key, answer, need_id=need_id)

    async def decline_need(self, need_id: UUID, *, key: str) -> None:
        """Say that she knows nobody."""
        await self._do(needs.DECLINE_NEED, key, need_id=need_id)

    async def withdraw_need(self, need_id: UUID, *, key: str) -> None:
        """Withdraw hers."""
        await self._do(needs.WITHDRAW_NEED, key, need_id=need_id)

    async def proposing(self, member_id: UUID, other_id: UUID) -> ProposingView:
        """Whether she can propose the two to each other."""
        return await self._read(introductions.PROPOSING, member_id=member_id, other_id=other_id)

    async def introductions(self, after: UUID | None = None) -> Page[IntroductionView]:
        """Her introductions."""
        return await self._read(introductions.INTRODUCTIONS, {"after": after})

    async def withdrawn_vouches(self) -> Page[IntroductionView]:
        """The latest vouches that she withdrew, and why."""
        return await self._read(introductions.WITHDRAWN_VOUCHES)

    async def introduction(self, introduction_id: UUID) -> IntroductionView:
        """One of them."""
        return await self._read(introductions.INTRODUCTION, introduction_id=introduction_id)

    async def vouch(self, introduction_id: UUID, vouch: Typed, *, key: str) -> None:
        """Vouch, with words for each of the two sides, and when she last spoke with each."""
        await self._do(introductions.VOUCH, key, vouch, introduction_id=introduction_id)

    async def decline_to_vouch(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Decline an ask, as its voucher."""
        await self._do(introductions.DECLINE, key, said, introduction_id=introduction_id)

    async def confirm(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Confirm, as a side."""
        await self._do(introductions.CONFIRM, key, said, introduction_id=introduction_id)

    async def ask_correction(self, introduction_id: UUID, correction: str, *, key: str) -> None:
        """Ask the voucher to correct what is said of her."""
        await self._do(introductions.ASK_CORRECTION, key, {"correction": correction}, introduction_id=introduction_id)

    async def correct(self, introduction_id: UUID, words_for: Mapping[str, str], *, key: str) -> None:
        """Write other words for both sides, as their voucher."""
        await self._do(introductions.CORRECT, key, {"words_for": words_for}, introduction_id=introduction_id)

    async def pass_on(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Pass, as a side."""
        await self._do(introductions.PASS, key, said, introduction_id=introduction_id)

    async def withdraw_ask(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Withdraw her ask."""
        await self._do(introductions.WITHDRAW, key, said, introduction_id=introduction_id)

    async def withdraw_vouch(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Withdraw her vouch."""
        await self._do(introductions.WITHDRAW_VOUCH, key, said, introduction_id=introduction_id)

    async def are_in_touch(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Say that the two are in touch."""
        await self._do(introductions.SAY_IN_TOUCH, key, {"answer": "yes"}, introduction_id=introduction_id)

    async def not_in_touch_yet(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Say that they aren't yet."""
        await self._do(introductions.SAY_IN_TOUCH, key, {"answer": "not_yet"}, introduction_id=introduction_id)

    async def keep(self, introduction_id: UUID, closeness: Typed, *, key: str) -> None:
        """Say that she would like to keep the other, and how well she knows her."""
        await self._do(introductions.KEEP, key, closeness, introduction_id=introduction_id)

    async def let_go(self, introduction_id: UUID, said: Typed, *, key: str) -> None:
        """Say that she would rather not, after all."""
        await self._do(introductions.LET_GO, key, said, introduction_id=introduction_id)

    async def say_outcome(self, introduction_id: UUID, answer: str, thank_you: str | None, report: str | None, *, key: str) -> None:
        """Say how it went."""
        outcome = {"answer": answer, "thank_you": thank_you, "report": report}
        await self._do(introductions.SAY_OUTCOME, key, outcome, introduction_id=introduction_id)

    async def reach(self) -> ReachView:
        """What she lets reach her, her pause, and whom she excludes."""
        return await self._read(reach.REACH)

    async def set_reach(self, allowed: Typed, *, key: str) -> None:
        """Say what may reach her from now on, having seen what she had said before."""
        await self._do(reach.SET_REACH, key, allowed)

    async def pause(self, how_long: Typed, *, key: str) -> None:
        """Let nothing more reach her for a while."""
        await self._do(reach.PAUSE, key, how_long)

    async def end_pause(self, *, key: str) -> None:
        """Let her be reached again."""
        await self._do(reach.END_PAUSE, key)

    async def exclude(self, whom: Typed, *, key: str) -> UUID:
        """Never introduce her to that member, or to whoever works there."""
        return await self._create(reach.EXCLUDE, key, whom)

    async def include(self, exclusion_id: UUID, *, key: str) -> None:
        """Take one off her list."""
        await self._do(reach.INCLUDE, key, exclusion_id=exclusion_id)
