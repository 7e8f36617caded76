"""A folder store, a real server that serves its signed addresses, and people at work who have the store at hand."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from core.clock import FrozenClock
from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from core.documents.files import Files
from core.documents.routes import file_routes
from core.documents.store import Announced
from core.http.application import build_http_app
from core.http.server import server_config
from core.http.settings import HttpSettings
from core.identity.roles import Role
from tests.support.acting import Docket
from tests.support.city import City
from tests.support.filing import FileDesk

SECRET = b"the secret of this installation"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
def files(folder: Path, listener: socket.socket) -> Files:
    """A folder store whose addresses lead to `client`'s server."""
    return Files.open(str(folder), SECRET, base=f"http://127.0.0.1:{listener.getsockname()[1]}/", size_limit=20_000_000)


@pytest.fixture
def client(files: Files, clock: FrozenClock, listener: socket.socket) -> Iterator[httpx.Client]:
    """A client of a real server with the file routes behind all of the application's middleware."""

    async def nothing(*_: object) -> Any:
        raise NotImplementedError

    app = build_http_app(
        type("NoSchema", (), {"execute": nothing})(),
        readiness=nothing,
        sdl=nothing,
        settings=HttpSettings(cors_origins=("https://front.example",)),
        routes=file_routes(files, clock),
    )
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx.Client(timeout=30) as opened:
            yield opened
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def lying(folder: Path) -> Callable[[], list[str]]:
    """What lies in the folder, half-written files included."""

    def look() -> list[str]:
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    return look


@pytest.fixture(scope="module")
def docket(database: Database, city: City) -> Docket:
    return Docket(database, city)


@pytest.fixture
def desk(database: Database, clock: FrozenClock, files: Files) -> Callable[..., FileDesk]:
    """Somebody at work in a scope."""

    def sit(scope: Scope, role: Role = Role.CITY_BUREAU, subject: str = "u-1") -> FileDesk:
        return FileDesk(database, scope, clock, role, subject, files=files)

    return sit


@pytest.fixture
def bureau(desk: Callable[..., FileDesk], city: City) -> FileDesk:
    return desk(city.scope(440100000))


@pytest.fixture
def huangpu(desk: Callable[..., FileDesk], city: City) -> FileDesk:
    return desk(city.agency_scope("huangpu"), Role.AGENCY_LEGAL, "u-huangpu")


@pytest.fixture
def tianhe(desk: Callable[..., FileDesk], city: City) -> FileDesk:
    return desk(city.agency_scope("tianhe"), Role.AGENCY_LEGAL, "u-tianhe")


@pytest.fixture
def shenzhen(desk: Callable[..., FileDesk], city: City) -> FileDesk:
    return desk(city.scope(440300000), subject="u-shenzhen")


@pytest.fixture
def court(desk: Callable[..., FileDesk], city: City) -> FileDesk:
    return desk(city.scope(440100000, ScopeKind.COURT, court_code="粤7101"), Role.COURT_LIAISON, "u-court")


@pytest.fixture
def announced() -> Callable[[bytes], Announced]:
    """What these bytes are announced as."""
    return lambda body: Announced(len(body), hashlib.sha256(body).hexdigest())
