"""The page of her profile: what others see and what is hers alone stand apart."""

import re

from shared.contracts.http.members.profiles import ProfileBody, ProfileView
from tests.web.conftest import Community

UNWRITTEN = {"version", "discreet", "adult", "terms", "group"}
"""Hidden in the form, on a page of its own, or asked once."""
WHO_READS = {"visibility", "findable"}
"""About what others see, and beside it."""


async def test_what_others_see_and_what_is_hers_alone_stand_apart(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    page = (await browser.get("/profile")).text
    seen, own = re.findall(r'<section [^>]*aria-labelledby="(?:seen|own)">(.*?)</section>', page, re.DOTALL)
    fields = {name: set(re.findall(r' name="(\w+)"', part)) for name, part in (("seen", seen), ("own", own))}
    read_by_others = ProfileView.model_fields.keys() & ProfileBody.model_fields.keys()
    assert fields["seen"] == read_by_others | WHO_READS | {"another_language"}
    assert fields["own"] == ProfileBody.model_fields.keys() - read_by_others - WHO_READS - UNWRITTEN
    assert 'href="/photo"' in seen
