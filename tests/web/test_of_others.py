"""What stands below a woman's page is about another: of herself she finds nothing there."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.web.app import PAGES
from services.web.visitors import HER_PHOTO, OF_OTHERS
from tests.web.conftest import Community

PATHS = sorted(
    (method, route.path)
    for page in PAGES
    for route in page.router.routes
    if isinstance(route, APIRoute) and route.path.startswith(OF_OTHERS) and route.path != HER_PHOTO
    for method in route.methods or ()
)


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_of_herself_there_is_no_such_page(community: Community, app: FastAPI, method: str, path: str) -> None:
    me, browser = community.woman("Irene Sol")
    other, _ = community.woman("Eva Luz")
    community.world.connect(me, other)
    for said in (str(me), str(me).upper()):
        address = path.format(member_id=said, voucher_id=other, other_id=other)
        answer = await (browser.get(address) if method == "GET" else browser.post(address, {"kind": "spam"}, follow=False))
        assert answer.status_code == 404
