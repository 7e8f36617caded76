"""Who is at work in these tests, and a docket of cases for them."""

from __future__ import annotations

import pytest

from core.clock import FrozenClock
from core.db.scope import ScopeKind
from core.db.session import Database
from core.identity.roles import Role
from tests.support.acting import Desk, Docket
from tests.support.city import City


@pytest.fixture(scope="module")
def docket(database: Database, city: City) -> Docket:
    return Docket(database, city)


@pytest.fixture
def bureau(database: Database, city: City, clock: FrozenClock) -> Desk:
    """An officer of the city's justice bureau."""
    return Desk(database, city.scope(440100000), clock)


@pytest.fixture
def huangpu(database: Database, city: City, clock: FrozenClock) -> Desk:
    """The legal office of 黄埔区人民政府."""
    return Desk(database, city.agency_scope("huangpu"), clock, Role.AGENCY_LEGAL, "u-huangpu")


@pytest.fixture
def tianhe(database: Database, city: City, clock: FrozenClock) -> Desk:
    """The legal office of 天河区人民政府."""
    return Desk(database, city.agency_scope("tianhe"), clock, Role.AGENCY_LEGAL, "u-tianhe")


@pytest.fixture
def shenzhen(database: Database, city: City, clock: FrozenClock) -> Desk:
    """An officer of another city's bureau."""
    return Desk(database, city.scope(440300000), clock, subject="u-shenzhen")


@pytest.fixture
def court(database: Database, city: City, clock: FrozenClock) -> Desk:
    """The liaison officer of 广州铁路运输法院."""
    scope = city.scope(440100000, ScopeKind.COURT, court_code="粤7101")
    return Desk(database, scope, clock, Role.COURT_LIAISON, "u-court")
