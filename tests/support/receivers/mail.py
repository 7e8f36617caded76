"""`python -m tests.support.receivers.mail FOLDER`: an SMTP server; each message is a JSON file of the folder, in order.

It prints its port. What it does is told by the local part of the recipient: `slow.*` is stored and answered a minute later,
`full.*` is refused for now, `nobody.*` for ever.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

ANSWERS = {"full": "452 4.2.2 The mailbox is full", "nobody": "550 5.1.1 There is no such mailbox"}


class Mailbox:
    """Stores what arrives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd calls it
        refused = ANSWERS.get(address.partition(".")[0])
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = mail.get_body()
        told = {
            "from": str(mail["From"]),
            "to": str(mail["To"]),
            "subject": str(mail["Subject"]),
            "message_id": str(mail["Message-ID"]),
            "automatic": str(mail["Auto-Submitted"]),
            "importance": mail["Importance"],
            "body": body.get_content() if body else None,
            "recipients": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.decode() if session.authenticated else None,
        }
        place = self.folder / f"{time.time_ns()}.json"
        place.with_suffix(".part").write_text(json.dumps(told), encoding="utf-8")
        place.with_suffix(".part").rename(place)
        if envelope.rcpt_tos[0].startswith("slow."):
            await asyncio.sleep(60)
        return "250 Message accepted"


def _authenticate(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (b"yingsu", b"secret @/:")
    return AuthResult(success=right, handled=False, auth_data=data.login)


def main() -> None:
    folder = Path(sys.argv[1])
    more: dict[str, Any] = {}
    if len(sys.argv) > 2:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[2])
        more = {"tls_context": context, "require_starttls": True, "authenticator": _authenticate, "auth_required": True}
    asyncio.run(serve(lambda: SMTP(Mailbox(folder), **more)))


async def serve(protocol: Callable[[], SMTP]) -> None:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    main()
