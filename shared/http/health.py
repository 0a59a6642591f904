"""Whether a process lives, whether it can work, and its numbers: `/healthz`, `/readyz`, `/metrics`."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.readiness import Check, NotReady
from shared.telemetry.redaction import describe

CHECK_SECONDS = 2.0


def router(checks: Mapping[str, Check]) -> APIRouter:
    """The three routes, with `/readyz` answering 200 only if every named check passes (each within 2 s)."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def healthz() -> Response:
        # Own loop only: a database or broker that is down is no reason to restart this process.
        return PlainTextResponse("ok\n")

    @routes.get("/readyz")
    async def readyz() -> Response:
        answers = await asyncio.gather(*(_why_not(check) for check in checks.values()))
        missing = {name: why for name, why in zip(checks, answers, strict=True) if why}
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


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
