import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core.identity.development_issuer import (
    DEVELOPMENT_AUDIENCE,
    DEVELOPMENT_ISSUER,
    DevelopmentIssuer,
    DevelopmentKeyUnreadable,
)
from core.identity.jwks import StaticKeys
from core.identity.tokens import TokenVerifier

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentIssuer:
    return DevelopmentIssuer.open(tmp_path_factory.mktemp("data") / "dev")


async def test_its_tokens_are_believed_by_whoever_has_the_public_key(issuer: DevelopmentIssuer) -> None:
    keys = StaticKeys.from_pem((issuer.folder / "public.pem").read_bytes())
    verifier = TokenVerifier(DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE, keys)
    identity = await verifier.verify(issuer.issue("dev|1", HOUR, NOW, {"name": "演示"}), NOW)
    assert (identity.subject, identity.expires_at, identity.display_name) == ("dev|1", NOW + HOUR, "演示")
    unnamed = jwt.encode(
        {"iss": DEVELOPMENT_ISSUER, "aud": DEVELOPMENT_AUDIENCE, "sub": "script", "exp": NOW + HOUR},
        (issuer.folder / "private.pem").read_bytes(),
        "RS256",
    )
    assert (await verifier.verify(unnamed, NOW)).subject == "script"


def test_the_private_key_is_its_owners_alone(issuer: DevelopmentIssuer) -> None:
    assert mode(issuer.folder / "private.pem") == 0o600
    assert mode(issuer.folder) == 0o700
    assert mode(issuer.folder / "public.pem") == 0o644


def test_a_key_left_open_is_closed_and_a_lost_public_key_comes_back(issuer: DevelopmentIssuer) -> None:
    (issuer.folder / "private.pem").chmod(0o644)
    (issuer.folder / "public.pem").unlink()
    again = DevelopmentIssuer.open(issuer.folder)
    assert again.public_pem == issuer.public_pem == (issuer.folder / "public.pem").read_bytes()
    assert mode(issuer.folder / "private.pem") == 0o600


def test_a_public_key_of_another_pair_is_replaced(issuer: DevelopmentIssuer) -> None:
    (issuer.folder / "public.pem").write_bytes(b"another")
    DevelopmentIssuer.open(issuer.folder)
    assert (issuer.folder / "public.pem").read_bytes() == issuer.public_pem


def test_starting_at_once_ends_with_one_pair(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(DevelopmentIssuer.open, [tmp_path / "dev"] * 4))
    assert len({one.public_pem for one in opened}) == 1
    assert sorted(path.name for path in (tmp_path / "dev").iterdir()) == ["private.pem", "public.pem"]


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
    ],
    ids=["empty", "garbled", "not RSA", "too short"],
)
def test_a_damaged_or_weak_key_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "private.pem"
    path.write_bytes(content)
    with pytest.raises(DevelopmentKeyUnreadable, match=r"private\.pem"):
        DevelopmentIssuer.open(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "iat", "nbf", "exp"])
def test_extra_claims_do_not_replace_its_own(issuer: DevelopmentIssuer, claim: str) -> None:
    with pytest.raises(ValueError, match=claim):
        issuer.issue("u", HOUR, NOW, {claim: 1})


def test_tokens_file(issuer: DevelopmentIssuer) -> None:
    issuer.write_tokens({"city_bureau": "old"})
    path = issuer.write_tokens({"city_bureau": "a.b.c", "other_city": "d.e.f"})
    assert path == issuer.folder / "tokens.json"
    assert json.loads(path.read_text()) == {"city_bureau": "a.b.c", "other_city": "d.e.f"}
    assert mode(path) == 0o600
    assert {entry.name for entry in issuer.folder.iterdir()} == {"private.pem", "public.pem", "tokens.json"}
