"""Every limit of what is open to anybody: how many letters with codes leave, how many wrong codes meet short ones, how many notices; and of
what costs much: how many pictures. Pure.

Each counts within a sliding window. Nobody is ever locked out: a browser that was signed in to the account before has counts of its own,
which strangers can't use up, and where wrong codes are spent, codes become too long to be guessed. Whether the address has an account
changes nothing that an asker could see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network

from shared.contracts.http.members.addresses import ADDRESSES_A_DAY
from shared.contracts.http.members.photos import PHOTOS_A_DAY
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most so many within any such time. `each` says of what, for docs/security.md."""

    name: str
    most: int
    within: timedelta
    each: str


LETTERS_KNOWN = Limit("letters_known", LETTERS_AN_HOUR, HOUR, "browser that was signed in to this account before; no other limit stops it")
LETTERS_BROWSER = Limit("letters_browser", LETTERS_AN_HOUR, HOUR, "other browser")
LETTERS_NETWORK = Limit("letters_network", 60, HOUR, "network, to other browsers")
LETTERS_ADDRESS = Limit("letters_address", 10, HOUR, "address, to other browsers")
LETTERS_LATE = Limit("letters_late", 2, DAY, "address and network, after the address has had its 10")
LETTERS_LATE_ALL = Limit("letters_late_all", 150, DAY, "address, after it has had its 10")
LETTERS_ALL = Limit("letters_all", 5000, HOUR, "community, to other browsers; one for members' addresses and one for all others")
LETTERS_NEW = Limit("letters_new_address", ADDRESSES_A_DAY, DAY, "member, to new addresses that she names")
TRIES_KNOWN = Limit("tries_known", 25, DAY, "account and browser that was signed in to it before")
TRIES_ADDRESS = Limit("tries_address", 25, DAY, "address, from other browsers")
TRIES_NETWORK = Limit("tries_network", 100, DAY, "network, from other browsers")

LETTERS = (LETTERS_KNOWN, LETTERS_BROWSER, LETTERS_NETWORK, LETTERS_ADDRESS, LETTERS_LATE, LETTERS_LATE_ALL, LETTERS_ALL, LETTERS_NEW)
TRIES = (TRIES_KNOWN, TRIES_ADDRESS, TRIES_NETWORK)
NOTICES_NETWORK = Limit("notices_network", 10, DAY, "network")
NOTICES_ALL = Limit("notices_all", 500, DAY, "community")
NOTICES = (NOTICES_NETWORK, NOTICES_ALL)
"""Of public notices, which anybody may give."""
PHOTOS = Limit("photos", PHOTOS_A_DAY, DAY, "member, of pictures that she sends")
LONGEST = max(limit.within for limit in (*LETTERS, *TRIES, *NOTICES, PHOTOS))
"""After this long nothing counts any more."""

SHORT, LONG = 8, 16
"""Digits of a code, and of one where wrong codes are spent."""


@dataclass(frozen=True)
class Count:
    """One thing that a limit counts."""

    limit: Limit
    of: tuple[str, ...]


Counted = Mapping[Count, int]
"""How many there were within each limit's window."""


@dataclass(frozen=True)
class Source:
    """Who asks or tries: for which address, from which browser and network. `known`: the browser was signed in to the account before."""

    address: str
    browser: str
    network: str
    member: bool
    known: bool

    def letter_counts(self) -> Sequence[Count]:
        """All that decides on a letter."""
        if self.known:
            return [Count(LETTERS_KNOWN, (self.address, self.browser))]
        return [*self._always(), *self._early(), *self._late()]

    def _always(self) -> list[Count]:
        # Apart, so that a flood of made-up addresses takes no letter from a member.
        whose = "member" if self.member else "stranger"
        return [Count(LETTERS_BROWSER, (self.browser,)), Count(LETTERS_NETWORK, (self.network,)), Count(LETTERS_ALL, (whose,))]

    def _early(self) -> list[Count]:
        return [Count(LETTERS_ADDRESS, (self.address,))]

    def _late(self) -> list[Count]:
        # Whoever has used up an address's letters hasn't used up those of other networks.
        return [Count(LETTERS_LATE, (self.address, self.network)), Count(LETTERS_LATE_ALL, (self.address,))]

    def letter(self, before: Counted) -> tuple[list[Count], Limit | None]:
        """What a letter now counts for; or nothing, and the limit that is reached."""
        taken = list(self.letter_counts())
        if not self.known:
            taken = self._always() + (self._early() if not _full(self._early(), before) else self._late())
        reached = _full(taken, before)
        return ([], reached) if reached else (taken, None)

    def try_counts(self) -> Sequence[Count]:
        """All that a wrong code counts for."""
        if self.known:
            return [Count(TRIES_KNOWN, (self.address, self.browser))]
        return [Count(TRIES_ADDRESS, (self.address,)), Count(TRIES_NETWORK, (self.network,))]

    def spent(self, before: Counted) -> Limit | None:
        """The limit of wrong codes that is reached, if one is: only long codes are given and taken then."""
        return _full(self.try_counts(), before)


def _full(counts: Sequence[Count], before: Counted) -> Limit | None:
    return next((count.limit for count in counts if before[count] >= count.limit.most), None)


def network_of(ip: IPv4Address | IPv6Address) -> str:
    """The network that counts as one: the /24 of IPv4, the /48 of IPv6."""
    plain = (ip.ipv4_mapped if isinstance(ip, IPv6Address) else None) or ip
    return str(ip_network((plain, 24 if plain.version == 4 else 48), strict=False))
