"""A member who makes a passkey and signs in with it."""

import secrets

from deploy.local.authenticator import Authenticator
from deploy.local.client import Member
from shared.contracts.http.members import passkeys


async def with_passkey(member: Member, origin: str) -> Member:
    """The same woman in the new session, which has the roles to which she is appointed; `origin` is the address of the pages."""
    made, browser = Authenticator(origin, "localhost"), secrets.token_urlsafe(32)
    asked = await member.read("members", passkeys.NEW_PASSKEY, {"browser": browser})
    await member.send("members", passkeys.ADD_PASSKEY, {"credential": made.make(asked["options"]), "browser": browser})
    asked = await member.site.exchange(passkeys.PASSKEY_CHALLENGE, {"browser": browser})
    shown = {"credential": made.show(asked["options"]), "browser": browser, "ip": "2001:db8::1"}
    again = Member(member.site, member.email, (await member.site.exchange(passkeys.SIGN_IN_WITH_PASSKEY, shown))["session"])
    again.id = member.id
    return again
