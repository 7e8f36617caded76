"""`/livez` (the process answers) and `/readyz` (it can serve), for supervisors and load balancers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.http.contract import ReadinessCheck

_logger = logging.getLogger(__name__)


async def livez(_request: Request) -> Response:
    """存活: answers as long as the event loop turns; touches nothing else."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """就绪: 200 when every check holds, 503 otherwise."""

    def __init__(self, check: ReadinessCheck, timeout: float) -> None:
        self._check = check
        self._timeout = timeout

    async def answer(self, _request: Request) -> Response:
        """Run the checks; one that fails or hangs makes the process unready, never a 500."""
        checks: Mapping[str, bool]
        try:
            async with asyncio.timeout(self._timeout):
                checks = await self._check()
        except Exception:
            _logger.exception("readiness check failed")
            checks = {"check": False}
        ready = all(checks.values())
        content = {"status": "ready" if ready else "unready", "checks": dict(checks)}
        return JSONResponse(content, 200 if ready else 503)
