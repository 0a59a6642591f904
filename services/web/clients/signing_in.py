"""The members service: passkeys, and where she is signed in."""

from uuid import UUID

from services.web.clients.base import Client, Typed, does, reads
from shared.contracts.http.members import devices, passkeys
from shared.contracts.http.members.passkeys import PasskeyOptions
from shared.contracts.http.members.signing_in import SignedIn


class SigningIn(Client):
    """Its routes; the first two show the web's key in place of a member's token."""

    async def challenge(self, browser: str) -> PasskeyOptions:
        """What to ask the browser for, to sign in."""
        return await self._open(passkeys.PASSKEY_CHALLENGE, PasskeyOptions, {"browser": browser})

    async def with_passkey(self, credential: str, browser: Typed, former: str) -> SignedIn:
        """Begin a session with its answer, and end the `former` one."""
        sent = {"credential": credential, "session": former, **browser}
        return await self._open(passkeys.SIGN_IN_WITH_PASSKEY, SignedIn, sent)

    async def new_passkey(self, browser: str) -> PasskeyOptions:
        """What to ask the browser for, to make one."""
        return await self._read(passkeys.NEW_PASSKEY, body={"browser": browser})

    async def add_passkey(self, credential: str, browser: str, label: str, *, key: str) -> UUID:
        """Keep the one that it made."""
        return await self._create(passkeys.ADD_PASSKEY, key, {"credential": credential, "browser": browser, "label": label})

    remove_passkey = does(passkeys.REMOVE_PASSKEY)
    mine = reads(devices.SIGNING_IN)
    end = does(devices.END_ONE_SESSION)
    end_others = does(devices.END_OTHER_SESSIONS)
