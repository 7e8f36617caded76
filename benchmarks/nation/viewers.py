"""Who asks: the city bureau and a district bureau of Guangzhou, as members with tokens, and as scopes for the other servers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.nation.store import Store
from core.clock import SystemClock
from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.demo.people import Person, install_people, tokens
from core.identity.development_issuer import DevelopmentIssuer
from core.identity.roles import Role

SHARD = 4401
LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A kind of viewer: the token that ours takes, and the scope that the others set."""

    name: str
    token: str
    scope: Scope


async def viewers_of(store: Store) -> list[Viewer]:
    """The viewers, made members of the installation if they are not yet."""
    today = SystemClock().today()
    people = {
        TenantLevel.CITY: Person("city_bureau", Role.CITY_BUREAU, 440100000),
        TenantLevel.DISTRICT: Person("district_bureau", Role.DISTRICT_BUREAU, 440112000),
    }
    database = Database(make_engine(store.dsn, pool_size=2))
    async with database.system() as session:
        await install_people(session, tuple(people.values()), datetime.now(UTC))
    await database.dispose()
    written = tokens(DevelopmentIssuer.open(store.data / "dev"), tuple(people.values()), datetime.now(UTC), LIFETIME)
    widths = {TenantLevel.CITY: 100_000, TenantLevel.DISTRICT: 1_000}
    return [
        Viewer(
            level.value,
            written[person.name],
            Scope(ScopeKind.TENANT, SHARD, person.code, person.code + widths[level], level, today),
        )
        for level, person in people.items()
    ]
