"""Requests made of the corpus, whole and then mutated: bytes, headers, URLs, JSON, variables, documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any
from urllib.parse import quote_plus

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from tests.fuzz.corpus import Sample
from tests.fuzz.trees import changed
from tests.fuzz.values import NASTY, spoilt, variables_for

JSON = b"application/json"
BYTES = (
    b"\0", b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"null",
    b"NaN", b"-Infinity", b"9" * 30, b"1e999", b"#", b'"""', b"...", b"$", b"@", b"!", b"\xef\xbb\xbf", b" ", b"\n", b"{" * 40, b"[" * 200,
)  # fmt: skip
HEADERS: Sequence[tuple[bytes, Sequence[bytes]]] = (
    (b"accept", (b"*/*", b"application/json", b"application/graphql-response+json;q=0", b"text/html", b"application/json;q=2", b",,,;;", b"\xff")),
    (b"content-type", (b"application/jsonp", b"application/json; charset=gbk", b"text/plain", b"", b"application/json;;=", b"\xff\xfe")),
    (b"content-encoding", (b"gzip", b"identity", b"br, gzip", b"\xe9")),
    (b"accept-encoding", (b"gzip", b"gzip;q=0", b"*;q=0.0001", b"\xff")),
    (b"authorization", (b"Bearer", b"Bearer x.y.z", b"Basic eDp5", b"bearer  ", b"Bearer \xff\xff", b"Bearer " + b"a" * 9_000, b"Bearer eyJhbGciOiJub25lIn0.e30.")),
    (b"yingsu-membership", (b"x", b"ff" * 27, b"\xff", b"", b"a" * 5_000)),
    (b"idempotency-key", (b"k", b"a" * 256, b"\x01", b"\xff", b"")),
    (b"x-request-id", (b"ok-1", b"\xff\xfe", b"a" * 70, b"<script>")),
    (b"graphql-client-name", (b"web", b"\xff" * 200, b"a\x0bb")),
    (b"origin", (b"https://evil.example", b"null", b"\xff")),
    (b"content-length", (b"-1", b"1e9", b"9" * 40, b"2000000", b"\xb2")),
    (b"expect", (b"100-continue",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as its bytes."""

    method: str
    query_string: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def text(self) -> str:
        """Everything that was said, to tell a leak from an echo."""
        return f"{self.body!r} {self.query_string!r} {self.headers!r} {self.body.decode('utf-8', 'replace')}"

    @property
    def may_write(self) -> bool:
        """Whether it can hold a mutation at all, in plain letters or escaped, or by a name that stands for one."""
        return self.method == "POST" and any(mark in self.body for mark in (b"mutation", b"\\u00", b"ersist", b'"i'))


class Requests:
    """Draws requests: the same ones for the same seed."""

    def __init__(
        self, schema: GraphQLSchema, samples: Sequence[Sample], attacks: Sequence[bytes], ids: Sequence[str], token: str
    ) -> None:
        self.schema = schema
        self.samples = samples
        self.texts = [sample.text for sample in samples]
        self.attacks = [attack for attack in attacks if len(attack) < 200_000]
        self.ids = ids
        self.names = sorted(
            {*schema.type_map, *(name for kind in schema.type_map.values() for name in getattr(kind, "fields", ()))}
        )
        self.authorization = f"Bearer {token}".encode()
        self.ways: Sequence[tuple[int, Callable[[Random], Sent]]] = (
            (38, self._bytes),
            (10, self._bytes_of_an_attack),
            (12, self._json),
            (12, self._headers),
            (10, self._url),
            (8, self._document),
            (8, self._variables),
            (2, self._batch),
        )

    def draw(self, random: Random) -> Sent:
        """One request."""
        (way,) = random.choices([way for _, way in self.ways], [weight for weight, _ in self.ways])
        return way(random)

    def whole(self, random: Random, text: str | None = None) -> dict[str, Any]:
        """A request of the corpus as it was meant, with values for its variables."""
        query = text if text is not None else random.choice(self.texts)
        made: dict[str, Any] = {"query": query}
        operations = _operations(query)
        if operations:
            chosen = random.choice(operations)
            made["variables"] = variables_for(chosen, self.schema, random, self.ids)
            if chosen.name and random.random() < 0.5:
                made["operationName"] = chosen.name.value
        if random.random() < 0.1:
            right = random.random() < 0.5
            digest = hashlib.sha256(query.encode()).hexdigest() if right else random.choice(NASTY)
            made["extensions"] = {"persistedQuery": {"version": random.choice((1, 1, 2, "1")), "sha256Hash": digest}}
            if random.random() < 0.5:
                del made["query"]
        return made

    def post(self, body: bytes, **_: Any) -> Sent:
        """A POST with this body."""
        headers = (
            (b"host", b"x"), (b"content-type", JSON), (b"authorization", self.authorization),
            (b"accept", b"application/graphql-response+json"), (b"content-length", str(len(body)).encode()),
        )  # fmt: skip
        return Sent("POST", b"", headers, body)

    def _bytes(self, random: Random) -> Sent:
        return self.post(mutated(_dumped(self.whole(random)), random))

    def _bytes_of_an_attack(self, random: Random) -> Sent:
        body = random.choice(self.attacks)
        if len(body) > 5_000:
            place = random.randrange(len(body) - 4_000)
            body = body[:1_000] + body[place : place + random.randrange(3_000)] + body[-1_000:]
        return self.post(mutated(body, random))

    def _json(self, random: Random) -> Sent:
        return self.post(_dumped(spoilt(self.whole(random), random)))

    def _variables(self, random: Random) -> Sent:
        whole = self.whole(random)
        return self.post(_dumped({**whole, "variables": spoilt(whole.get("variables", {}), random)}))

    def _document(self, random: Random) -> Sent:
        text = changed(random.choice(self.texts), self.texts, self.names, random)
        return self.post(_dumped(self.whole(random, text)))

    def _batch(self, random: Random) -> Sent:
        entries = [self.whole(random) for _ in range(random.choice((0, 1, 2, 11)))]
        entries = [spoilt(entry, random) if random.random() < 0.3 else entry for entry in entries]
        body = _dumped(entries)
        return self.post(mutated(body, random) if random.random() < 0.3 else body)

    def _headers(self, random: Random) -> Sent:
        sent = self.post(_dumped(self.whole(random)))
        headers = list(sent.headers)
        for _ in range(random.choice((1, 1, 2, 3))):
            name, values = random.choice(HEADERS)
            value = random.choice(values)
            if random.random() < 0.3:
                value = mutated(value, random)
            if random.random() < 0.6:
                headers = [header for header in headers if header[0] != name]
            headers.append((name, value))
        method = random.choice(("POST", "POST", "POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY"))
        return replace(sent, headers=tuple(headers), method=method)

    def _url(self, random: Random) -> Sent:
        whole = self.whole(random)
        if random.random() < 0.5:
            whole = spoilt(whole, random)
        if not isinstance(whole, dict):
            whole = {"query": whole}
        pairs = [
            f"{name}={quote_plus(value if isinstance(value, str) else json.dumps(value))}"
            for name, value in whole.items()
        ]
        query_string = "&".join(pairs).encode("ascii", "replace")
        if random.random() < 0.6:
            query_string = mutated(query_string, random)
        return replace(self.post(b""), method=random.choice(("GET", "GET", "HEAD")), query_string=query_string)


@lru_cache(maxsize=5_000)
def _operations(query: str) -> list[OperationDefinitionNode]:
    definitions = parse(query, no_location=True).definitions
    return [one for one in definitions if isinstance(one, OperationDefinitionNode)]


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def mutated(text: bytes, random: Random) -> bytes:
    """The bytes, changed in one to eight places."""
    changing = bytearray(text)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        place = random.randrange(len(changing) + 1)
        match random.randrange(6):
            case 0 if place < len(changing):
                changing[place] ^= 1 << random.randrange(8)
            case 1:
                changing[place:place] = random.choice(BYTES)
            case 2:
                del changing[place : place + random.choice((1, 1, 4, 40))]
            case 3:
                there = random.randrange(len(changing) + 1)
                changing[place:place] = changing[there : there + random.choice((1, 8, 64))]
            case 4:
                changing[place : place + 1] = random.randbytes(random.choice((1, 2)))
            case _:
                changing[place : place + 4] = random.choice(BYTES)
    return bytes(changing)
