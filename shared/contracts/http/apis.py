"""Every API and the modules of its contract: what reads all of it goes by this table."""

from collections.abc import Mapping
from types import ModuleType

from shared.contracts.http import contests, export, members, reputation, requests
from shared.contracts.http.members.signing_in import Audience

APIS: Mapping[Audience, tuple[ModuleType, ...]] = {
    "members": members.MODULES,
    "requests": (*requests.MODULES, export),
    "reputation": (reputation, contests, export),
    "notify": (export,),
}
MODULES = tuple(dict.fromkeys(module for modules in APIS.values() for module in modules))
