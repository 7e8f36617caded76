"""`python -m tests.support.receivers.web FOLDER [CERTIFICATE]`: receives webhooks, over TLS with a certificate; each request is a JSON file of the folder, in order.

It prints its port. The path says what it does: `/ok`, `/fail` (500), `/gone` (404), `/hang` (no answer), `/drip` (an answer without
end), `/twice` (two answers to one request), `/elsewhere` (a redirect to `/ok`), `/flaky` (500 until it has seen the id twice),
`/cut` (closes without a word).
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from collections import Counter
from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWERS = {
    "/ok": OK,
    "/fail": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "/gone": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "/twice": OK + OK,
    "/cut": b"",
}


class Receiver:
    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, Counter[str]()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._take(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        path = request.split(" ")[1]
        told = {"path": path, "headers": headers, "body": body}
        place = self.folder / f"{time.time_ns()}.json"
        place.with_suffix(".part").write_text(json.dumps(told), encoding="utf-8")
        place.with_suffix(".part").rename(place)
        self.seen[headers["webhook-id"]] += 1
        await self._answer(path.partition("?")[0], self.seen[headers["webhook-id"]], writer)

    async def _answer(self, path: str, times: int, writer: asyncio.StreamWriter) -> None:
        if path == "/hang":
            await asyncio.sleep(600)
        if path == "/drip":
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"x-drip: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        if path == "/elsewhere":
            host, port = writer.get_extra_info("sockname")
            writer.write(f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{host}:{port}/ok\r\n\r\n".encode())
        elif path == "/flaky":
            writer.write(ANSWERS["/ok" if times > 2 else "/fail"])
        else:
            writer.write(ANSWERS[path])
        await writer.drain()


async def main() -> None:
    context = None
    if sys.argv[2:]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
    server = await asyncio.start_server(Receiver(Path(sys.argv[1])).take, "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
