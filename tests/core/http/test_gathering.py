"""Head and body of an answer leave in one write."""

from __future__ import annotations

import asyncio

from core.http.gathering import MOST, Gathering


class Written(asyncio.Transport):
    """The system's side of a connection: keeps each write that reaches it."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:  # type: ignore[override]
        self.writes.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close


async def test_writes_of_one_turn_go_together_and_in_order() -> None:
    system = Written()
    transport = Gathering(system, asyncio.get_running_loop())
    transport.write(b"head ")
    transport.write(b"body")
    assert system.writes == []
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)
    assert system.writes == [b"head body", b"next"]


async def test_much_is_not_held_back() -> None:
    system = Written()
    transport = Gathering(system, asyncio.get_running_loop())
    transport.write(b"head")
    transport.write(b"x" * MOST)
    assert system.writes == [b"head" + b"x" * MOST]


async def test_closing_and_handing_over_write_what_waits() -> None:
    closed, handed = Written(), Written()
    transport = Gathering(closed, asyncio.get_running_loop())
    transport.write(b"the end")
    transport.close()
    assert (closed.writes, closed.closed) == ([b"the end"], True)
    transport = Gathering(handed, asyncio.get_running_loop())
    transport.write(b"101")
    assert transport.bare() is handed
    assert handed.writes == [b"101"]


async def test_nothing_is_written_to_a_connection_that_was_cut() -> None:
    system = Written()
    transport = Gathering(system, asyncio.get_running_loop())
    transport.write(b"too late")
    transport.abort()
    await asyncio.sleep(0)
    assert system.writes == []
