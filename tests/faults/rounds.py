"""Rounds of faults: a busy week before Spring Festival, lived again and again from the same state, each time with other trouble."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg

from core.app import id_secret
from core.config import Settings
from core.db.embedded import EmbeddedServer
from core.db.engine import open_database
from core.extension.registry import Registry
from core.identity.development_issuer import DevelopmentIssuer
from core.jobs.job import Urgency
from tests.faults.stubborn import BROKEN, TABLE, Stubborn
from tests.faults.trouble import Fault, Plant, Trouble
from tests.simulation.driving import Drive
from tests.simulation.history.year import WORKDAYS, Year, tell_year
from tests.simulation.ledger import Ledger, open_ledger
from tests.simulation.observed import observed, written
from tests.simulation.performing import Names
from tests.simulation.reference.counters import counters
from tests.simulation.reference.expectation import Expected
from tests.simulation.reference.facts import BEIJING
from tests.simulation.reference.walk import expected_and_told
from tests.simulation.reference.working_days import ONE_DAY, WorkingDays
from tests.simulation.settling import Look, Settling
from tests.simulation.simulating import LAST_HOUR, differing
from tests.simulation.world import World, world
from tests.support.house import HOUSE
from tests.support.preloaded import Preloaded
from tests.support.rabbit import EPMD, SERVER, Rabbit
from tests.support.running import ClockFile, Running, environment

FIRST, EVE, LAST = date(2026, 2, 2), date(2026, 2, 8), date(2026, 2, 15)
"""The story begins; the evening before the week; the week's last day. On Saturday the 14th both reminders of many fall together."""
CASES = 30
WORKERS, SCHEDULERS = 4, 2
HOURS = 24
"""Of the week at least so many are stood at (tests/simulation/driving.py): the faults are spread over them."""
KINDS = (Fault.WORKER, Fault.WORKERS, Fault.SCHEDULER, Fault.API, Fault.POSTGRESQL, Fault.CLOCK)
KINDS_BY_RABBIT = (*KINDS, Fault.RELAY, Fault.RABBIT)
RELAYS = 2
HAS_RABBIT = SERVER is not None and EPMD is not None
EVERY_BY_RABBIT = 4
"""Of so many rounds one has RabbitMQ between two relays and the workers."""
QUEUES = [one.value + suffix for one in Urgency for suffix in ("", ".DQ", ".XQ")]

_UNDONE = """
select count(*) as slots from job_slot s
 where s.slot > $1 and not exists (
   select 1 from job_done d
    where d.job = s.job and d.key = to_char(s.slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'))
"""
_LEFT = "select exists (select 1 from reminders_timer where state = 'ARMED' and fires_at <= $1) as left"


@dataclass(slots=True)
class Week:
    """The state on the evening before, and what its rows are called."""

    year: Year
    server: EmbeddedServer
    folder: Path
    names: Names
    issuer: DevelopmentIssuer
    ledger_token: str
    forks: Preloaded
    rabbit: Rabbit | None = None
    """Started for the first round that wants it."""


@dataclass(slots=True)
class Round:
    """What came of one round."""

    seed: int
    broker: str
    faults: Counter[Fault]
    expected: int
    tried_again: int
    seconds: float
    missing: list[Expected] = field(default_factory=list)
    extra: list[Expected] = field(default_factory=list)
    doubled: list[Expected] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        return not (self.missing or self.extra or self.doubled or self.counters)

    def told(self) -> str:
        faults = ", ".join(f"{times} x {fault.value}" for fault, times in sorted(self.faults.items(), key=str))
        head = (
            f"round {self.seed} by {self.broker}: {self.seconds:.0f} s; {faults}; {self.tried_again} steps tried again; {self.expected} expected,"
            f" {len(self.missing)} missing, {len(self.extra)} unexpected, {len(self.doubled)} twice,"
            f" {len(self.counters)} counters differ"
        )
        lists = {"missing": self.missing, "unexpected": self.extra, "twice": self.doubled, "counter": self.counters}
        return "\n".join([head, *(f"  {name}: {one}" for name, found in lists.items() for one in found[:8])])


def processes_of(
    forks: Preloaded, settings: dict[str, str], folder: Path, workers: int, schedulers: int, relays: int = 0
) -> list[Running]:
    """The API, workers, schedulers and relays of one installation; each writes to a file of its own."""
    wanted = {
        "api": ("serve", "--port", "0"),
        **{f"scheduler-{n}": ("scheduler",) for n in range(schedulers)},
        **{f"relay-{n}": ("relay",) for n in range(relays)},
        **{f"worker-{n}": ("worker", "--threads", "2") for n in range(workers)},
    }
    return [Running(name, arguments, settings, folder / f"{name}.log", forks) for name, arguments in wanted.items()]


def _settings(url: str, folder: Path, data: Path) -> dict[str, str]:
    return environment(
        database_url=url,
        data=data,
        clock=folder / "clock",
        scheduler_seconds=0.05,
        job_retry_seconds=0.1,
        job_lease_seconds=2,
    )


@asynccontextmanager
async def prepared(folder: Path, cases: int = CASES) -> AsyncIterator[Week]:
    """Live until the evening before the week, undisturbed; what is there then is what every round begins with."""
    server = EmbeddedServer(folder / "server")
    server.ensure_running()
    forks = Preloaded()
    try:
        url = server.create_database("week").dsn
        year = tell_year(cases, 1, FIRST, LAST)
        data = folder / "data"
        data.mkdir()
        async with world(year, url, data) as made:
            settings = _settings(url, data, data)
            processes = processes_of(forks, settings, data, workers=1, schedulers=1)
            look = Look(url)
            ledger = await open_ledger(made.database, data, processes[0], datetime.combine(FIRST, LAST_HOUR, BEIJING))
            try:
                for one in processes:
                    one.start()
                await Drive(made, Settling(look, processes).until).run(last=EVE)
            finally:
                await look.close()
                for one in processes:
                    one.kill()
            issuer = DevelopmentIssuer.open(data / "dev")
        await _execute(url, TABLE)
        week = Week(year, server, folder, made.people.names, issuer, ledger.token, forks)
        try:
            yield week
        finally:
            if week.rabbit is not None:
                await week.rabbit.close()
    finally:
        forks.close()
        server.stop()


async def _rabbit(week: Week) -> Rabbit:
    """The week's RabbitMQ, running, without anything of the rounds before."""
    if week.rabbit is None:
        folder = week.folder / "rabbit"
        folder.mkdir()
        week.rabbit = Rabbit(folder)
        await week.rabbit.start()
    await asyncio.to_thread(week.rabbit.forget, QUEUES)
    return week.rabbit


async def live(week: Week, seed: int, faults: int | None = None, *, by_rabbit: bool = False) -> Round:
    """One round: the week with so many faults, by default each kind once, in a database of its own."""
    kinds = KINDS_BY_RABBIT if by_rabbit else KINDS
    name = f"round_{seed}"
    rabbit = await _rabbit(week) if by_rabbit else None
    url = week.server.create_database(name, template="week").dsn
    folder = week.folder / name
    folder.mkdir()
    database = open_database(Settings(data=folder), url, url)
    settings = _settings(url, folder, week.folder / "data")
    if rabbit is not None:
        settings["YINGSU_BROKER_URL"] = rabbit.url
    processes = processes_of(week.forks, settings, folder, WORKERS, SCHEDULERS, RELAYS if by_rabbit else 0)
    ledger = Ledger(processes[0], week.ledger_token)
    registry = Registry.load()
    people = Stubborn(
        database, registry, week.year.agencies, copy.deepcopy(week.names), ledger=ledger, issuer=week.issuer,
        ids=HOUSE.catalogue.id_codec(await id_secret(database)), began=datetime.combine(FIRST, LAST_HOUR, BEIJING),
    )  # fmt: skip
    made = World(week.year, url, folder, database, registry, people, ClockFile(folder / "clock"))
    made.clock.show(datetime.combine(EVE, LAST_HOUR, BEIJING) - timedelta(minutes=1))
    trouble = Trouble(
        Plant(week.server, week.folder / "server", processes, made.clock, rabbit),
        random.Random(seed),
        kinds,
    )
    began = time.monotonic()
    try:
        for one in processes:
            one.start()
        await _week(made, trouble, len(kinds) if faults is None else faults, seed, processes)
        return await _judged(made, people, trouble, seed, time.monotonic() - began, ledger)
    finally:
        for one in processes:
            one.kill()
        await database.dispose()
        week.server.drop_database(name)


async def _week(made: World, trouble: Trouble, faults: int, seed: int, processes: list[Running]) -> None:
    """Faults fall on random hours: half of them while people act, half while what is due is being done."""
    chance = random.Random(f"hours {seed}")
    acting_hours = Counter(chance.choices(range(HOURS), k=faults // 2))
    working_hours = Counter(chance.choices(range(HOURS), k=faults - faults // 2))
    look = Look(made.url)
    settling = _Patient(look, (), patience=180.0)
    drive = Drive(made, settling.until)

    async def beside(now: datetime, acting: Awaitable[None]) -> None:
        before = datetime.fromisoformat(made.clock.path.read_text(encoding="ascii"))
        await asyncio.gather(acting, *(trouble.strike(before) for _ in range(acting_hours[drive.hours])))

    async def settle(now: datetime) -> None:
        await asyncio.gather(*(trouble.strike(now) for _ in range(working_hours[drive.hours])))
        await settling.until(now)
        await _next_sweeps(made, settling, now)

    drive.beside, drive.settle = beside, settle
    supervisor = asyncio.create_task(_supervised(processes))
    try:
        await drive.run(first=EVE + ONE_DAY, last=LAST)
    finally:
        supervisor.cancel()
        await look.close()


async def _supervised(processes: list[Running]) -> None:
    """Start again what ended by itself, as an operator's supervisor does: one that begins while the database recovers ends at once."""
    while True:
        for one in processes:
            one.start()
        await asyncio.sleep(0.3)


async def _next_sweeps(made: World, settling: _Patient, now: datetime) -> None:
    """What a dying transaction had locked is passed over by the sweep that follows, and left to the one in two minutes."""
    later = now
    while await settling.is_left(now):
        later += timedelta(minutes=2)
        assert later - now < timedelta(minutes=30), f"what was due at {now} is not done at {later}"
        made.clock.show(later)
        await settling.until(later)


class _Patient(Settling):
    """Waits for a database that is being started, too, and for what only RabbitMQ still holds: each slot that was given is done."""

    async def _is_quiet(self, instant: datetime) -> bool:
        with contextlib.suppress(*BROKEN):
            return await Settling._is_quiet(self, instant) and not await self._is_undone()
        return False

    async def _is_undone(self) -> bool:
        return bool((await self.look.row(_UNDONE, datetime.combine(EVE, LAST_HOUR, BEIJING)))["slots"])

    async def is_left(self, instant: datetime) -> bool:
        """Whether something that was due then has not been done."""
        return bool((await self.look.row(_LEFT, instant))["left"])


async def _judged(made: World, people: Stubborn, trouble: Trouble, seed: int, seconds: float, ledger: Ledger) -> Round:
    days, history = WorkingDays.read(WORKDAYS), made.year.history()
    end = datetime.combine(LAST, LAST_HOUR, BEIJING)
    told = expected_and_told(history, days, FIRST, end)
    wanted = told.happened | told.messages
    found = Counter([*await observed(made.database, people.names), *await written(made.database, people.names)])
    right = counters(history, days, FIRST, date(2026, 3, 31), end, told.happened)
    shown = await ledger.ask(FIRST, date(2026, 3, 31))
    return Round(
        seed=seed,
        broker="PostgreSQL" if trouble.plant.rabbit is None else "RabbitMQ",
        faults=trouble.done,
        expected=len(wanted),
        tried_again=people.tried_again,
        seconds=seconds,
        missing=sorted(wanted - set(found)),
        extra=sorted(set(found) - wanted),
        doubled=sorted(one for one, times in found.items() if times > 1),
        counters=list(differing(LAST, right, shown)),
    )


async def _execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


Say = Callable[[str], None]


async def soak(folder: Path, rounds: int, seed: int, say: Say, faults: int | None = None) -> list[Round]:
    """So many rounds, each with the next seed; what each came to is said at once. Each fourth has RabbitMQ, where it is installed."""
    found = []
    async with prepared(folder) as week:
        say(f"prepared: {len(week.year.agencies)} cases")
        if not HAS_RABBIT:
            say("LEFT OUT: rabbitmq-server is not installed here; every round is by PostgreSQL alone")
        for number in range(seed, seed + rounds):
            by_rabbit = HAS_RABBIT and number % EVERY_BY_RABBIT == 0
            found.append(await live(week, number, faults, by_rabbit=by_rabbit))
            say(found[-1].told())
    return found
