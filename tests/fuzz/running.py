"""Runs drawn requests through the whole ASGI application, on a real database under a real token, and judges each answer."""

from __future__ import annotations

import asyncio
import logging
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from core.app import build_application
from core.clock import FrozenClock
from core.config import Settings
from core.db.session import Database
from core.extension.registry import Registry
from core.http.contract import RequestContext
from core.identity.development_issuer import DevelopmentIssuer
from tests.e2e.conftest import NOW
from tests.fuzz.corpus import samples
from tests.fuzz.oracle import Answer, faults
from tests.fuzz.requests import Requests, Sent
from tests.support.attacks import ATTACKS
from tests.support.city import City

BLOCK = 500
"""Requests between two looks at the tables."""
SLOWEST_CPU_SECONDS = 2.0
KEPT_FAULTS = 200


@dataclass(slots=True)
class Fault:
    """What was wrong, and with which request."""

    what: str
    sent: Sent


@dataclass(slots=True)
class Report:
    """What a run found."""

    requests: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    slowest: float = 0.0
    memory_mb: tuple[float, float] = (0.0, 0.0)
    """The most that the process has held, after the first fifth and at the end."""


async def run(database: Database, city: City, data: Path, seed: int, count: int) -> Report:
    """Send so many requests, drawn by the seed; members must be installed in the city."""
    logging.getLogger("yingsu").setLevel(logging.CRITICAL)
    logging.getLogger("core").setLevel(logging.CRITICAL)
    settings = Settings(data=data, rate_limit_per_minute=0, rate_limit_failures_per_minute=0)
    token = DevelopmentIssuer.open(data / "dev").issue("dev:city_bureau", timedelta(days=1), NOW)
    application = await build_application(settings, database, Registry.load(), FrozenClock(NOW))
    execution = application.execution
    _, enabled = await execution.authenticate(RequestContext("fuzz", "POST", authorization=f"Bearer {token}"))
    schema = execution.services.house.schema(enabled.plugins).graphql
    encode = execution.services.ids.encode
    ids = [encode("Case", 4401, key) for key in city.cases.values()]
    ids += [encode("Agency", 4401, key) for key in city.agencies.values()]
    ids += [encode("Response", 4401, key) for key in city.responses.values()]
    requests = Requests(schema, samples(schema), [body for body, _, _ in ATTACKS.values()], ids, token)
    return await _Run(application.asgi, database, requests, frozenset(schema.type_map)).all(Random(seed), count)


class _Run:
    def __init__(self, app: Any, database: Database, requests: Requests, names: frozenset[str]) -> None:
        self.app = app
        self.database = database
        self.requests = requests
        self.names = names
        self.report = Report()

    async def all(self, random: Random, count: int) -> Report:
        began = time.perf_counter()
        early = 0.0
        while self.report.requests < count:
            block = [self.requests.draw(random) for _ in range(min(BLOCK, count - self.report.requests))]
            await self._that_must_not_write([sent for sent in block if not sent.may_write])
            await self._each([sent for sent in block if sent.may_write])
            if self.report.requests <= max(count / 5, BLOCK):
                early = _memory_mb()
        self.report.seconds = time.perf_counter() - began
        self.report.memory_mb = (early, _memory_mb())
        return self.report

    async def _that_must_not_write(self, block: list[Sent]) -> None:
        before = await self._tables()
        await self._each(block)
        after = await self._tables()
        if before != after:
            written = sorted(name for name in after if after[name] != before.get(name))
            self._fault(f"written without a mutation: {written}, by one of {len(block)}", block[0])

    async def _each(self, block: Iterable[Sent]) -> None:
        for sent in block:
            began = time.process_time()
            try:
                answer = await asyncio.wait_for(call(self.app, sent), 30)
            except Exception as error:  # noqa: BLE001 - whatever reaches the server is a fault
                self._fault(f"raised {error!r}", sent)
                continue
            spent = time.process_time() - began
            self.report.requests += 1
            self.report.statuses[answer.status] += 1
            self.report.codes.update(set(re.findall(rb'"code":"([A-Z_]+)"', answer.body)))
            self.report.slowest = max(self.report.slowest, spent)
            if spent > SLOWEST_CPU_SECONDS:
                self._fault(f"took {spent:.1f} s of CPU", sent)
            for what in faults(answer, sent, self.names, sent.method):
                self._fault(what, sent)

    def _fault(self, what: str, sent: Sent) -> None:
        if len(self.report.faults) < KEPT_FAULTS:
            self.report.faults.append(Fault(what, sent))

    async def _tables(self) -> dict[str, Any]:
        """How many rows each table has, and which transaction wrote the latest."""
        listed = (
            "select quote_ident(relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        async with self.database.system() as session:
            await session.driver.execute("set local role none")
            names = [row[0] for row in await session.driver.fetch(listed) if "document" not in row[0]]
            each = (f"select '{name}', count(*), max(xmin::text::bigint) from only {name}" for name in names)
            return {row[0]: tuple(row)[1:] for row in await session.driver.fetch(" union all ".join(each))}


async def call(app: Any, sent: Sent) -> Answer:
    """One request through the application, as a server would hand it over."""
    messages: list[dict[str, Any]] = []
    bodies = [sent.body]
    never: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def receive() -> dict[str, Any]:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        return await never

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": sent.method, "scheme": "http",
        "path": "/graphql", "raw_path": b"/graphql", "query_string": sent.query_string, "root_path": "",
        "headers": list(sent.headers), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    start, *rest = messages
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in rest)
    if headers.get("content-encoding") == "gzip":
        import gzip

        body = gzip.decompress(body)
    return Answer(start["status"], headers, b"" if sent.method == "HEAD" else body)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
