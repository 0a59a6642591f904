"""Email addresses: one mailbox, one account, however it is typed."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from shared.contracts.http.members.signing_in import bare_address
from shared.problems import Field, Invalid

LONGEST = 254


@dataclass(frozen=True)
class Address:
    """An address as letters are sent to it, and the key by which it is compared."""

    address: str
    key: str


def parse_address(typed: str, *, test_domains: bool) -> Address:
    """The address that was typed; with `test_domains`, domains ending in `.test` are good too. Raises Invalid (field `email`).

    Letters in a mailbox's name that need SMTPUTF8 are refused: too few mail servers take them.
    """
    bare = bare_address(typed)
    if not bare:
        raise Invalid(fields=[Field("email", "no_address")])
    try:
        found = validate_email(
            bare[: LONGEST + 1], check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=test_domains
        )
    except (EmailNotValidError, UnicodeError) as error:
        raise Invalid(fields=[Field("email", "not_an_address")]) from error
    address = found.ascii_email or found.normalized
    # Upper and lower case of the mailbox's name differ in theory (RFC 5321, section 2.4) and nowhere in practice.
    return Address(address, address.lower())
