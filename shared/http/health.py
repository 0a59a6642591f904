"""Whether a process lives, whether it can work, and its numbers: `/healthz`, `/readyz`, `/metrics`.

They have a port of their own: what they say is for operators, and members can't reach it.
"""

import asyncio
from collections.abc import Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shared.readiness import Check, NotReady
from shared.telemetry.redaction import describe

CHECK_SECONDS = 2.0


def create(checks: Mapping[str, Check]) -> Starlette:
    """An app of these three routes alone; `/readyz` answers 200 only if every named check passes (each within 2 s)."""

    async def healthz(_: Request) -> Response:
        # Own loop only: a database or broker that is down is no reason to restart this process.
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        answers = await asyncio.gather(*(_why_not(check) for check in checks.values()))
        missing = {name: why for name, why in zip(checks, answers, strict=True) if why}
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])


async def _why_not(check: Check) -> str | None:
    """The reason for which the check fails now."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except NotReady as error:
        return str(error)
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} s"
    except Exception as error:  # whatever is wrong, the answer is which part is missing
        return describe(error)
    return None
