"""A process that uses the embedded server: prints where it is, and leaves (or is killed) when told."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from core.db.embedded import ConnectionInfo, EmbeddedServer


def tell(info: ConnectionInfo) -> None:
    sys.stdout.write(json.dumps(asdict(info)) + "\n")
    sys.stdout.flush()


server = EmbeddedServer(Path(sys.argv[1]), fsync=False)
if sys.argv[2:] == ["ensure_running"]:
    tell(server.ensure_running())
    sys.stdin.readline()
else:
    with server.lease() as info:
        tell(info)
        sys.stdin.readline()
