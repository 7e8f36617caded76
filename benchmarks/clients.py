"""Two hundred clients of a front end for a minute: lists, details, dashboards and notes, on two cores, against ours.

With `--servers` the same application runs under other HTTP servers, one process each, to choose between them by the 99th percentile.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.contestants.roster import Ask, Contestant, Heat, ours
from benchmarks.endpoint import Running, heats, started
from benchmarks.equipment import others_site
from benchmarks.nation.store import Store, nation
from benchmarks.processes import drive, peak_memory_mb, processor_ms

MIX = {"list": 30, "detail": 45, "dashboard": 15, "mutation": 10}
"""Of a hundred requests."""
BAR_MS = 2_000
SERVERS: dict[str, tuple[str, ...]] = {
    "as served": (),
    "as served, 2 processes": ("served", "2"),
    "uvicorn, asyncio, h11": ("uvicorn", "asyncio", "h11"),
    "uvicorn, uvloop, h11": ("uvicorn", "uvloop", "h11"),
    "granian, asyncio": ("granian", "asyncio"),
    "granian, uvloop": ("granian", "uvloop"),
}


def mixed(pairs: Sequence[tuple[Heat, Contestant]], count: int = 2_000) -> list[Ask]:
    """Requests of all viewers in the mix, in an order that does not change from run to run."""
    chance = random.Random(1)
    asks: list[Ask] = []
    for _ in range(count):
        operation = chance.choices(list(MIX), list(MIX.values()))[0]
        able = [pair for pair in pairs if operation != "mutation" or pair[0].district is None]
        asks.append(chance.choice(chance.choice(able)[1].asks(operation)))
    return asks


def under(name: str, store: Store, contestant: Contestant) -> Contestant:
    """The contestant run by another server: the same application from `benchmarks.served`."""
    kind = SERVERS[name]
    if not kind:
        return contestant
    if kind[0] == "served":
        return replace(contestant, name=name, environment={**contestant.environment, "YINGSU_PROCESSES": kind[1]})
    program = "benchmarks.served:application"
    python = [sys.executable, "-m"]
    commands: Mapping[str, Callable[[int], Sequence[str]]] = {
        "uvicorn": lambda port: [
            *python, "uvicorn", program, "--loop", kind[1], "--http", kind[2], "--no-access-log",
            "--log-level", "warning", "--port", str(port),
        ],
        "granian": lambda port: [
            *python, "granian", program, "--interface", "asgi", "--loop", kind[1], "--no-access-log",
            "--log-level", "warning", "--port", str(port), "--backpressure", "1000",
        ],
    }  # fmt: skip
    path = f"{Path.cwd()}:{others_site()}"
    environment = {**contestant.environment, "PYTHONPATH": path, "YINGSU_DATABASE_URL": store.dsn}
    return replace(contestant, name=name, command=commands[kind[0]], environment=environment)


def heading() -> str:
    names = ("req/s", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms", "server ms", "MB")
    return f"{'server':24}" + "".join(f"{name:>10}" for name in names)


def measure(server: Running, asks: Sequence[Ask], options: argparse.Namespace) -> str:
    """Drive and tell, in one line."""
    order = {"port": server.port, "requests": list(asks), "connections": options.clients}
    drive({**order, "seconds": 2})
    used = processor_ms(server.pid)
    seen = drive({**order, "seconds": options.seconds})
    used = (processor_ms(server.pid) - used) / max(seen["requests"], 1)
    if seen["errors"]:
        print(f"! first error: {json.dumps(seen['first_error'], ensure_ascii=False)[:600]}")
    figures = (seen["p50"], seen["p95"], seen["p99"], seen["p100"], used, peak_memory_mb(server.pid))
    told = "".join(f"{figure:10.1f}" for figure in figures)
    holds = seen["errors"] == 0 and seen["p99"] < BAR_MS
    verdict = "holds" if holds else "DOES NOT HOLD"
    return f"{server.contestant.name:24}{seen['rate']:10.1f}{seen['errors']:10}{told}  no error, p99 < 2 s: {verdict}"


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--servers", action="store_true", help="compare HTTP servers and numbers of processes")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    options = arguments(given)
    with nation(options.cases) as store:
        pairs = [(heat, ours(heat)) for heat in heats(store, ["city", "district"])]
        asks = mixed(pairs)
        print(f"{options.clients} clients, {options.seconds:g} s, of a hundred requests: {MIX}")
        print(heading())
        for name in SERVERS if options.servers else ("as served",):
            with started(under(name, store, pairs[0][1]), store) as server:
                print(measure(server, asks, options), flush=True)


if __name__ == "__main__":
    main()
