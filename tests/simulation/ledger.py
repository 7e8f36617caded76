"""The counters as a client sees them: asked of a real API process at the end of each month, beside those of the reference."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from core.db.session import Database
from core.identity.development_issuer import DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.roles import Role
from core.identity.tables import Member
from tests.simulation.performing import LOW, SHARD
from tests.simulation.reference.counters import Counters
from tests.simulation.reference.facts import BEIJING, DutyKind
from tests.support.running import Running

FIGURES = {
    "total": "due",
    "void": "void",
    "onTime": "on_time",
    "late": "late",
    "missed": "missed",
    "running": "open",
    "wasMissed": "was_missed",
}
"""What the schema calls a counter, and what the reference does."""
QUERY = """query ($first: Date!, $last: Date!, $kind: ObligationKind!) {
  supervisionTally(by: [TOWN], filter: { dueOn: { gte: $first, lte: $last }, kind: { eq: $kind } }) {
    town { code } total void onTime late missed running wasMissed } }"""
BUREAU = "dev:bureau-of-the-year"


@dataclass(slots=True)
class Ledger:
    """Asks the API as the city's bureau."""

    api: Running
    token: str
    pages: dict[date, Counters] = field(default_factory=dict)
    """By the day of asking, which is the last of its month."""

    @property
    def url(self) -> str:
        """Where it listens now; empty as long as it has not said."""
        listening = [line for line in self.api.said(lines=0).splitlines() if line.startswith("listening ")]
        return listening[-1].split()[1] if listening else ""

    async def keep(self, day: date) -> None:
        """Write down the month's counters at the end of its last day."""
        if (day + timedelta(days=1)).day == 1:
            self.pages[day] = await self.ask(day.replace(day=1), day)

    async def ask(self, first: date, last: date) -> Counters:
        found: Counters = {}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            for kind in DutyKind:
                variables = {"first": first.isoformat(), "last": last.isoformat(), "kind": kind.value}
                headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
                asked = {"query": QUERY, "variables": variables}
                answer = (await client.post(self.url, json=asked, headers=headers)).json()
                assert "errors" not in answer, answer["errors"]
                for group in answer["data"]["supervisionTally"]:
                    counted = Counter({ours: group[theirs] for theirs, ours in FIGURES.items()})
                    found[group["town"]["code"], kind] = +counted
        return found


async def open_ledger(database: Database, data: Path, api: Running, begin: datetime) -> Ledger:
    """A ledger kept by an officer of the city's bureau."""
    async with database.system() as session:
        values = {"shard": SHARD, "code": LOW, "issuer": DEVELOPMENT_ISSUER, "subject": BUREAU, "display_name": "市局"}
        values |= {"role": Role.CITY_BUREAU.value, "valid_from": date(2025, 1, 1), "created_at": begin}
        await session.execute(insert(Member).values(values))
    issuer = DevelopmentIssuer.open(data / "dev")
    return Ledger(api, issuer.issue(BUREAU, timedelta(days=800), begin.astimezone(BEIJING)))
