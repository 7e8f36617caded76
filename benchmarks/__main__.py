"""Run every benchmark, or those named: `python -m benchmarks import_cases --cases 20000`."""

from __future__ import annotations

import sys

from benchmarks import import_cases

BENCHMARKS = {"import_cases": import_cases.main}


def main() -> None:
    wanted = sys.argv[1:2] if sys.argv[1:2] and sys.argv[1] in BENCHMARKS else list(BENCHMARKS)
    options = sys.argv[2:] if sys.argv[1:2] and sys.argv[1] in BENCHMARKS else sys.argv[1:]
    for name in wanted:
        print(f"== {name}")
        BENCHMARKS[name](options)


if __name__ == "__main__":
    main()
