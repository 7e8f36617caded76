"""`python -m benchmarks` compares the endpoint with others; `python -m benchmarks NAME …` runs another benchmark, with its options."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = ("endpoint", "scale", "clients", "idle_sockets", "import_cases", "sweep")


def main() -> None:
    """Run the benchmark that is named, or the endpoint's."""
    given = sys.argv[1:]
    name = given.pop(0) if given and given[0] in BENCHMARKS else "endpoint"
    import_module(f"benchmarks.{name}").main(given)


if __name__ == "__main__":
    main()
