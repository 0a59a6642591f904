"""The members service: signing in, sessions, profiles."""

from uuid import UUID

from services.web.clients.base import Client, Typed, does, reads
from services.web.clients.http import ServiceProblem
from shared.contracts.http.members import profiles, signing_in
from shared.contracts.http.members.signing_in import Audience, Challenge, SignedIn, Token
from shared.problems import NotFound


class Members(Client):
    """Its routes; the first four show the web's key in place of a member's token."""

    async def sign_in(self, email: str, language: str, browser: Typed) -> Challenge:
        """Have a code sent; the answer is the same for every address. `browser` is its secret and its `ip`."""
        return await self._open(signing_in.SIGN_IN, Challenge, {"email": email, "language": language, **browser})

    async def answer_with_code(self, challenge_id: UUID, code: str, browser: Typed, former: str) -> SignedIn:
        """Begin a session with the code, and end the `former` one."""
        sent = {"code": code, "session": former, **browser}
        return await self._open(signing_in.ANSWER_WITH_CODE, SignedIn, sent, challenge_id=challenge_id)

    async def issue_token(self, session: str, audience: Audience) -> Token:
        """A token of the session for that service."""
        return await self._open(signing_in.ISSUE_TOKEN, Token, {"session": session, "audience": audience})

    async def end_session(self, session: str) -> None:
        """Sign out."""
        await self._service.call(signing_in.END_SESSION, {}, body={"session": session})

    me = reads(profiles.ME)
    write_profile = does(profiles.WRITE_PROFILE)
    profile = reads(profiles.PROFILE)

    async def introduced(self, member_id: UUID) -> str | None:
        """Her address, if she was introduced to this member; None if not, or if members hasn't heard of it yet."""
        try:
            return (await self._read(profiles.INTRODUCED, member_id=member_id)).address
        except ServiceProblem as problem:
            if problem.status != NotFound.status:
                raise
            return None
