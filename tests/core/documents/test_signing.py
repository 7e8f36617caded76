"""Sealed grants: read back whole, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.signing import DownloadGrant, LinkExpired, LinkRefused, LinkSigner, UploadGrant

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LATER = int((NOW + timedelta(minutes=5)).timestamp())
KEY = "4401/2026/03/0198c0de-0000-7000-8000-000000000001"
UPLOAD = UploadGrant(KEY, 12, "ab" * 32, LATER)
DOWNLOAD = DownloadGrant(KEY, 12, "ab" * 32, "判决书.pdf", "application/pdf", LATER)
SIGNER = LinkSigner(b"secret")


def test_a_grant_is_read_back() -> None:
    assert SIGNER.upload(SIGNER.seal(UPLOAD), NOW) == UPLOAD
    assert SIGNER.download(SIGNER.seal(DOWNLOAD), NOW) == DOWNLOAD
    assert LinkSigner(b"secret").upload(SIGNER.seal(UPLOAD), NOW) == UPLOAD


def test_a_grant_is_good_for_its_own_method_only() -> None:
    with pytest.raises(LinkRefused):
        SIGNER.download(SIGNER.seal(UPLOAD), NOW)
    with pytest.raises(LinkRefused):
        SIGNER.upload(SIGNER.seal(DOWNLOAD), NOW)


def test_a_grant_of_another_installation_is_refused() -> None:
    with pytest.raises(LinkRefused):
        LinkSigner(b"another").upload(SIGNER.seal(UPLOAD), NOW)


def test_a_grant_ends_at_its_instant() -> None:
    token = SIGNER.seal(UPLOAD)
    end = datetime.fromtimestamp(LATER, UTC)
    assert SIGNER.upload(token, end - timedelta(microseconds=1)) == UPLOAD
    with pytest.raises(LinkExpired):
        SIGNER.upload(token, end)


@given(st.data())
def test_a_token_that_was_touched_is_refused(data: st.DataObject) -> None:
    token = SIGNER.seal(DOWNLOAD)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda char: char != token[place]))
    with pytest.raises(LinkRefused):
        SIGNER.download(token[:place] + other + token[place + 1 :], NOW)


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,90}\.[A-Za-z0-9_-]{43}", fullmatch=True))
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(LinkRefused):
        SIGNER.download(text, NOW)


def test_the_longest_name_makes_a_token_that_is_read_back() -> None:
    grant = DownloadGrant(KEY, 12, "ab" * 32, "𠮷" * 200, "application/pdf", LATER)
    assert SIGNER.download(SIGNER.seal(grant), NOW) == grant
