"""What may be stored, and under what name."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import rules


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("行政起诉状.pdf", "行政起诉状.pdf"),
        ("  答复 (1).docx ", "答复 (1).docx"),
        ("《通知书》：“张三”.pdf", "《通知书》：“张三”.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("甲" * 196 + ".pdf", "甲" * 196 + ".pdf"),
    ],
)
def test_a_name_is_kept(name: str, kept: str) -> None:
    assert rules.safe_name(name) == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        ".",
        "..",
        ".htaccess",
        "../../etc/passwd",
        "a/b.pdf",
        "a\\b.pdf",
        "a\0.pdf",
        "a\r\nSet-Cookie: x.pdf",
        "a\x7f.pdf",
        "invoice\u202efdp.exe",
        "a\u2066b.pdf",
        "a\u200b.pdf",
        "\ufeffa.pdf",
        "a\ud800.pdf",
        "a\u2028b.pdf",
        "a.pdf.",
        "甲" * 197 + ".pdf",
    ],
)
def test_a_name_that_misleads_or_escapes_is_refused(name: str) -> None:
    with pytest.raises(rules.NameRefused) as caught:
        rules.safe_name(name)
    assert caught.value.message
    assert caught.value.message_zh


@given(st.text(max_size=250))
def test_every_kept_name_is_safe(name: str) -> None:
    try:
        kept = rules.safe_name(name)
    except rules.NameRefused:
        return
    assert 0 < len(kept) <= rules.NAME_LIMIT
    assert not set(kept) & set("/\\")
    assert kept.isprintable() or all(unicodedata.category(char) == "Zs" for char in kept if not char.isprintable())
    assert rules.safe_name(kept) == kept


@given(st.text(min_size=1, max_size=200))
def test_the_header_is_one_line_of_ascii_that_gives_the_name_back(name: str) -> None:
    try:
        kept = rules.safe_name(name)
    except rules.NameRefused:
        return
    header = rules.content_disposition(kept)
    assert header.isascii()
    assert header.isprintable()
    assert unquote(header.rpartition("UTF-8''")[2]) == kept
    assert header.count('"') == 2


def test_the_header_names_what_old_clients_can_read() -> None:
    assert rules.content_disposition("a b.pdf") == "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"
    assert rules.content_disposition("起诉状.pdf").startswith('attachment; filename="file.pdf"; ')
    assert rules.content_disposition('a".pdf').startswith('attachment; filename="file.pdf"; ')
    assert rules.content_disposition("起诉状").startswith('attachment; filename="file"; ')


@pytest.mark.parametrize(
    ("name", "media_type", "fits"),
    [
        ("a.pdf", "application/pdf", True),
        ("a.PDF", "application/pdf", True),
        ("a.tar.zip", "application/zip", True),
        ("判决书.ofd", "application/ofd", True),
        ("a.exe", "application/pdf", False),
        ("a.pdf.exe", "application/pdf", False),
        ("pdf", "application/pdf", False),
        ("a", "application/pdf", False),
    ],
)
def test_a_name_ends_as_its_type_does(name: str, media_type: str, fits: bool) -> None:
    assert rules.ending_fits(name, media_type) is fits


def test_nothing_that_a_browser_would_run_is_taken() -> None:
    assert not {"text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "text/javascript"} & set(
        rules.MEDIA_TYPES
    )
    assert rules.normal_media_type(" Application/PDF; charset=x") == "application/pdf"
