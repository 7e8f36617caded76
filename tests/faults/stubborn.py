"""People who try again until it is done, and never do it twice, whatever is killed under their hands.

Most steps are acts on the database, each with a row that says it is done in its own transaction. Reports, feedback and their
verification go through the API, with an Idempotency-Key as a client that has lost the answer sends it again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.acting import ActContext
from core.db.session import ReadSession
from core.identity.development_issuer import DevelopmentIssuer
from schema.ids import IdCodec
from tests.simulation.history.steps import Deed, Step
from tests.simulation.ledger import BUREAU, Ledger
from tests.simulation.performing import SHARD, People, scope_of, subject_of

TABLE = "create table simulation_step (key text primary key); grant select, insert on simulation_step to public"
BROKEN = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, httpx.TransportError)
"""What a killed server, process or connection looks like to who talks with it."""
PAUSE = 0.1
BY_API = {
    Deed.REPORT: ("reportSubmit", "ReportSubmitInput", "reportId", "CaseReport", {"summary": "已收到应诉通知书"}),
    Deed.FEEDBACK: ("feedbackFile", "FeedbackFileInput", "obligationId", "SupervisedObligation", {"summary": "已办理"}),
    Deed.VERIFY: ("feedbackVerify", "FeedbackVerifyInput", "obligationId", "SupervisedObligation", {"result": "属实"}),
}
_DONE = text("select 1 from simulation_step where key = :key")
_REPORT = text("select id from reminders_report where document_id = :id")
_OBLIGATION = text("select id from reminders_obligation where source_id = :id")
_WRITE = text("insert into simulation_step (key) values (:key)")


class Unanswered(Exception):
    """The API answered that it cannot answer now."""


@dataclass(slots=True)
class Stubborn(People):
    """`tried_again` counts the steps of which somebody had to wonder whether they were done."""

    ledger: Ledger | None = None
    issuer: DevelopmentIssuer | None = None
    ids: IdCodec | None = None
    began: datetime | None = None
    tried_again: int = 0
    _tokens: dict[str, str] = field(default_factory=dict)

    async def take(self, step: Step) -> None:
        async with asyncio.timeout(300):
            while True:
                try:
                    await (self._by_api(step) if step.deed in BY_API else self._unless_done(step))
                except (*BROKEN, Unanswered):
                    self.tried_again += 1
                    await asyncio.sleep(PAUSE)
                else:
                    return

    async def _unless_done(self, step: Step) -> None:
        async with self.database.read(scope_of(step.at.date())) as session:
            done = await session.scalar(_DONE, {"key": _key(step)})
        if done is None:
            await People.take(self, step)

    async def _take(self, context: ActContext, step: Step) -> None:
        await context.session.execute(_WRITE, {"key": _key(step)})
        await People._take(self, context, step)

    async def _by_api(self, step: Step) -> None:
        assert self.ledger is not None
        assert self.ids is not None
        mutation, input_type, field_name, type_name, given = BY_API[step.deed]
        async with self.database.read(scope_of(step.at.date())) as session:
            row = await self._subject(session, step)
        asked = {
            "query": f"mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ errors {{ code message }} }} }}",
            "variables": {"input": {field_name: self.ids.encode(type_name, SHARD, row), **given}},
        }
        headers = {"Authorization": f"Bearer {self._token(step)}", "Accept": "application/json"}
        headers["Idempotency-Key"] = _key(step).replace(":", "-").replace("+", "-")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(self.ledger.url, json=asked, headers=headers)
        _check(answer, step, mutation)

    async def _subject(self, session: ReadSession, step: Step) -> UUID:
        """The report or the obligation that the step is about."""
        if step.deed is Deed.REPORT:
            row = await session.scalar(_REPORT, {"id": self.names.documents[step.key]})
        else:
            row = await session.scalar(_OBLIGATION, {"id": self.names.sources[step.key]})
        assert row is not None, step
        return row  # type: ignore[no-any-return]

    def _token(self, step: Step) -> str:
        assert self.issuer is not None
        assert self.began is not None
        subject = BUREAU if step.deed is Deed.VERIFY else subject_of(self.agencies[step.case])
        if subject not in self._tokens:
            self._tokens[subject] = self.issuer.issue(subject, timedelta(days=800), self.began)
        return self._tokens[subject]


def _check(answer: httpx.Response, step: Step, mutation: str) -> None:
    """A failure of the server is tried again; a refusal is an error of the story or of the platform."""
    if answer.status_code >= 500:
        raise Unanswered(answer.status_code)
    body = answer.json()
    codes = {error.get("extensions", {}).get("code") for error in body.get("errors", [])}
    if codes & {"INTERNAL", "INTERNAL_ERROR", "UNAVAILABLE", "TIMEOUT", "CONFLICT"}:
        raise Unanswered(codes)
    assert not codes, f"{step}: {body}"
    assert not body["data"][mutation]["errors"], f"{step}: {body}"


def _key(step: Step) -> str:
    return f"{step.at:%Y%m%dT%H%M%S}-{step.key.replace('/', '-')}-{step.deed.name}"
