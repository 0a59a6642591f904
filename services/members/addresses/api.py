"""Her addresses, and what the letter to a former one undoes."""

from fastapi import APIRouter, Depends

from services.members.accounts import store as accounts
from services.members.accounts.domain import parse_address
from services.members.addresses import commands, domain, store
from services.members.addresses.commands import ConfirmAddress, NameAddress, PassOnFirst
from services.members.addresses.domain import UNDO, Former
from services.members.sessions.api import Policy, from_web
from services.members.visibility import takes_part
from shared.clock import machine_now
from shared.contracts.http.members import addresses as contract
from shared.contracts.http.members.addresses import AddressCodeBody, AddressesView, ChangeBody, ChangeView, NewAddressBody, NewAddressView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember, Fresh
from shared.postgres.database import transaction
from shared.problems import NotSignedIn

router = APIRouter(dependencies=[Depends(takes_part)])
door = APIRouter(dependencies=[Depends(from_web)])


@serve(router, contract.ADDRESSES)
async def my_addresses(me: CurrentMember, pool: Pool_) -> AddressesView:
    """All of them that she may read: the one that she left isn't shown to whoever may be at her screen."""
    async with transaction(pool) as tx:
        known, new, left = await accounts.addresses_of(tx, me), await store.waiting(tx, me), await store.last_left(tx, me)
    if known is None:
        raise NotSignedIn
    waiting = None
    if new and new.is_open(machine_now()):
        waiting = NewAddressView(id=new.id, address=new.address.address, purpose=new.purpose, expires_at=new.expires_at)
    return AddressesView(address=known[0], passed_on=known[1], waiting=waiting, undo_until=left and left + UNDO)


@serve(router, contract.NAME_ADDRESS)
async def name(body: NewAddressBody, me: Fresh, run: Run, policy: Policy) -> None:
    """A code goes to the address that she names, with the same answer for every address.

    Raises StepUpNeeded, ProfileNeeded, TooManyAddresses.
    """
    await run(NameAddress(parse_address(body.email, test_domains=policy.test_domains), body.purpose, policy.code_key))


@serve(router, contract.CONFIRM_ADDRESS)
async def confirm(body: AddressCodeBody, me: Fresh, run: Run, policy: Policy, pool: Pool_) -> None:
    """The code from the letter to the new address makes it hers. Raises StepUpNeeded, WrongCode, CodeExpired."""
    await store.tried(pool, me)
    await run(ConfirmAddress(body.code, policy.code_key))


@serve(router, contract.PASS_ON_FIRST)
async def pass_on_first(me: Fresh, run: Run) -> None:
    """The second one is forgotten. Raises StepUpNeeded."""
    await run(PassOnFirst())


@serve(door, contract.OPEN_CHANGE)
async def open_change(body: ChangeBody, pool: Pool_, policy: Policy) -> ChangeView:
    """What the link in a letter about her address would undo; to open it changes nothing. Raises ChangeOver."""
    async with transaction(pool) as tx:
        found = await commands.change(tx, domain.change_in(policy.code_key, body.token))
    return ChangeView(made=isinstance(found, Former))


@serve(door, contract.UNDO_CHANGE)
async def undo(body: ChangeBody, pool: Pool_, policy: Policy) -> None:
    """She has the address again that the link was sent to. Raises ChangeOver."""
    async with transaction(pool) as tx:
        await commands.undo(tx, domain.change_in(policy.code_key, body.token))
