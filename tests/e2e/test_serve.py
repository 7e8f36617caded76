"""`yingsu serve` as an operator runs it: a PostgreSQL of theirs, an identity provider of theirs, keys found by discovery."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import insert

from core.db.session import Database
from core.identity.tables import Member
from tests.support.city import City

YINGSU = Path(sys.executable).parent / "yingsu"
FORGER, FIRST = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer:
    """An identity provider on the loopback: discovery and keys, nothing else."""

    def __init__(self) -> None:
        self.url = ""
        self.keys = {"first": FIRST}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        jwks = [
            {**orjson.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": name, "use": "sig"}
            for name, key in self.keys.items()
        ]
        known = {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
            "/keys": {"keys": jwks},
        }
        body = orjson.dumps(known.get(path, {}))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    def token(self, kid: str, key: rsa.RSAPrivateKey, **claims: object) -> str:
        now = datetime.now(UTC)
        base = {"iss": self.url, "aud": "our-front-end", "sub": "u-1", "iat": now, "exp": now + timedelta(minutes=5)}
        return jwt.encode({**base, **claims}, key, algorithm="RS256", headers={"kid": kid})


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[Issuer]:
    made = Issuer()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield made
    server.close()


@pytest.fixture(scope="module")
async def served(
    database_url: str, database: Database, city: City, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    async with database.system() as session:
        await session.execute(
            insert(Member).values(
                shard=4401, code=440112000, issuer=issuer.url, subject="u-1", role="DISTRICT_BUREAU", display_name="x",
                valid_from=date(2024, 1, 1), created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")},
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_OIDC_ISSUER": issuer.url,
        "YINGSU_OIDC_AUDIENCE": "our-front-end",
        "YINGSU_DATA": str(tmp_path_factory.mktemp("serve")),
    }
    process = await asyncio.create_subprocess_exec(
        YINGSU,
        "serve",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    assert line.startswith("listening "), line
    yield line.split()[1]
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def ask(url: str, token: str) -> dict[str, object]:
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            url, json={"query": "{ viewer { membership { tenantCode role } } cases { totalCount } }"},
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )  # fmt: skip
    found: dict[str, object] = answer.json()
    return found


async def test_the_issuers_token_is_enough_and_its_claims_give_no_role(served: str, issuer: Issuer) -> None:
    claimed = issuer.token("first", FIRST, role="CITY_BUREAU", tenant="440100000", roles=["PLATFORM_ADMIN"])
    assert (await ask(served, claimed))["data"] == {
        "viewer": {"membership": {"tenantCode": 440112000, "role": "DISTRICT_BUREAU"}},
        "cases": {"totalCount": 3},
    }


@pytest.mark.parametrize(
    "claims",
    [{"aud": "yingsu"}, {"iss": "http://127.0.0.1:1"}, {"sub": ""}, {"exp": datetime(2020, 1, 1, tzinfo=UTC)}],
    ids=["audience", "issuer", "subject", "expiry"],
)
async def test_a_token_meant_for_others_is_refused(served: str, issuer: Issuer, claims: dict[str, object]) -> None:
    answer = await ask(served, issuer.token("first", FIRST, **claims))
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"  # type: ignore[index]


async def test_a_key_of_the_same_name_by_somebody_else_is_refused(served: str, issuer: Issuer) -> None:
    """How keys rotate is tested where time can be held still: tests/core/identity/test_jwks.py."""
    forged = await ask(served, issuer.token("first", FORGER))
    assert forged["errors"][0]["extensions"]["reason"] == "SIGNATURE_INVALID"  # type: ignore[index]
