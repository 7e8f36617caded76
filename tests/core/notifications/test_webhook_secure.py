"""Webhooks over TLS to a real receiver: its certificate is verified, by name, and what is not believed gets nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.core.notifications.conftest import Post
from tests.support.certificates import Authority
from tests.support.receivers.running import Running, receiver


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("authority"))


@contextmanager
def served(folder: Path, certificate: Path) -> Iterator[Running]:
    with receiver("web", folder, str(certificate)) as running:
        yield running


async def told(post: Post, secure: Running) -> tuple[str, Any]:
    """A message to an https endpoint, after one attempt: its key, and its delivery."""
    key = str(uuid4())
    endpoint = await post.endpoint(f"https://localhost:{secure.port}/ok")
    message = await post.tell(await post.member(), key=key)
    await post.sender().send_due()
    (delivery,) = [row for row in await post.outside(message) if row.target == str(endpoint)]
    return key, delivery


def keys_of(secure: Running) -> list[str]:
    return [json.loads(one["body"])["key"] for one in secure.received()]


async def test_a_receiver_whom_an_authority_of_ones_own_vouches_for_is_told(
    post: Post, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with served(tmp_path / "web", authority.certify("localhost")) as secure:
        key, delivery = await told(post, secure)
        assert (delivery.state, delivery.failure, keys_of(secure)) == ("SENT", None, [key])
        (request,) = secure.received()
        assert request["headers"]["host"] == f"localhost:{secure.port}"


async def test_a_receiver_whom_nobody_vouches_for_gets_nothing_and_the_log_says_so(
    post: Post, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with served(tmp_path / "web", authority.certify("localhost")) as secure:
        _, delivery = await told(post, secure)
        assert (delivery.state, delivery.failure, delivery.attempts) == ("PENDING", "INSECURE", 1)
        assert secure.received() == []


@pytest.mark.parametrize("wrong", ["another name", "expired", "another authority"])
async def test_a_certificate_that_does_not_hold_is_refused(
    post: Post, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    match wrong:
        case "another name":
            certificate = authority.certify("oa.city.test")
        case "expired":
            certificate = authority.certify("localhost", until=datetime.now(UTC) - timedelta(minutes=1))
        case _:
            (tmp_path / "other").mkdir()
            certificate = Authority.found(tmp_path / "other").certify("localhost")
    with served(tmp_path / "web", certificate) as secure:
        _, delivery = await told(post, secure)
        assert (delivery.state, delivery.failure) == ("PENDING", "INSECURE")
        assert secure.received() == []
