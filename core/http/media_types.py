"""Media types: exact parsing of `Content-Type` and `Accept` (RFC 9110 §8.3, §12.4, §12.5), never by substring."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE = re.compile(rf"[ \t]*({_WORD})/({_WORD})")
_PARAMETER = re.compile(rf'[ \t]*;[ \t]*(?:({_WORD})=(?:({_WORD})|"((?:[^"\\]|\\.)*)"))?')
_END = re.compile(r"[ \t]*(,|$)")
_UNTIL_COMMA = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"|")*(,|$)')
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_REMEMBERED_LENGTH = 500
_CODING = re.compile(rf"[ \t]*({_WORD})(?:[ \t]*;[ \t]*[qQ]=([0-9.]+))?[ \t]*")


class ResponseType(Enum):
    """The two media types of a GraphQL response."""

    GRAPHQL_RESPONSE = "application/graphql-response+json"
    LEGACY_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or range in lower case; parameter names are lower case too."""

    main: str
    sub: str
    parameters: Mapping[str, str]

    @property
    def essence(self) -> str:
        """The type without parameters."""
        return f"{self.main}/{self.sub}"


def parse_media_types(header: str) -> Iterator[MediaType | None]:
    """Read a comma-separated list; None stands for an element that is not a media type."""
    position = 0
    while position <= len(header):
        media_type, position = _parse_one(header, position)
        yield media_type


def parse_content_type(header: str) -> MediaType | None:
    """Read one media type; None when it is none, or when there are several."""
    found = list(parse_media_types(header))
    return found[0] if len(found) == 1 else None


def _parse_one(header: str, position: int) -> tuple[MediaType | None, int]:
    """Read the element at `position`; return it and where the next begins."""
    start = position
    parameters: dict[str, str] = {}
    if kind := _TYPE.match(header, position):
        position = kind.end()
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            name, token, quoted = parameter.groups()
            if name is not None:
                text = token if token is not None else re.sub(r"\\(.)", r"\1", quoted)
                parameters.setdefault(name.lower(), text)
        if end := _END.match(header, position):
            following = end.end() if end.group(1) else len(header) + 1
            return MediaType(kind.group(1).lower(), kind.group(2).lower(), parameters), following
    skipped = _UNTIL_COMMA.match(header, start)
    return None, skipped.end() if skipped and skipped.group(1) else len(header) + 1


def negotiate(accept: Sequence[str]) -> ResponseType | None:
    """Choose the media type of the response from the `Accept` headers; None when neither is acceptable (406).

    The highest quality wins. Where both are equal, a type that is named wins over one that a wildcard covers, and the
    GraphQL type over the legacy one; under wildcards alone it is the legacy one, because clients that ask for `*/*`
    (Apollo Client 3 among them) take a 400 for a network failure. No header at all means the GraphQL type, as the
    specification says.
    """
    header = ",".join(accept)
    if not header.strip(" \t,"):
        return ResponseType.GRAPHQL_RESPONSE
    return _negotiate_once(header) if len(header) <= _REMEMBERED_LENGTH else _negotiate(header)


def _negotiate(header: str) -> ResponseType | None:
    ranges = [found for found in parse_media_types(header) if found is not None]
    best: tuple[float, bool, int] = (0.0, False, 0)
    chosen: ResponseType | None = None
    for candidate in ResponseType:
        quality, named = _quality_of(candidate, ranges)
        preferred = (candidate is ResponseType.GRAPHQL_RESPONSE) is named
        rank = (quality, named, int(preferred))
        if quality > 0 and rank > best:
            best, chosen = rank, candidate
    return chosen


_negotiate_once = lru_cache(maxsize=256)(_negotiate)
"""Clients send few different headers; reading one costs as much as reading a whole request."""


def _quality_of(candidate: ResponseType, ranges: Sequence[MediaType]) -> tuple[float, bool]:
    """Give the quality of a type by the most specific range that covers it, and whether that range names it."""
    main, _, sub = candidate.value.partition("/")
    best = (-1, -1)
    quality = 0.0
    for found in ranges:
        if (found.main, found.sub) == (main, sub):
            specificity = 2
        elif (found.main, found.sub) == (main, "*"):
            specificity = 1
        elif (found.main, found.sub) == ("*", "*"):
            specificity = 0
        else:
            continue
        parameters = {name: text for name, text in found.parameters.items() if name != "q"}
        if parameters and not (set(parameters) == {"charset"} and is_utf8(parameters["charset"])):
            continue
        rank = (specificity, len(parameters))
        parsed = _parse_quality(found.parameters.get("q", "1"))
        if parsed is not None and rank > best:
            best, quality = rank, parsed
    return quality, best[0] == 2  # noqa: PLR2004 - the rank of a range that names the type


def _parse_quality(text: str) -> float | None:
    return float(text) if _QUALITY.fullmatch(text) else None


def is_utf8(charset: str) -> bool:
    """Say whether a charset's name is one of UTF-8's."""
    return charset.lower() in {"utf-8", "utf8"}


def accepts_gzip(accept_encoding: str) -> bool:
    """Say whether `Accept-Encoding` allows gzip; `gzip;q=0` does not."""
    qualities: dict[str, float] = {}
    for element in accept_encoding.split(","):
        if found := _CODING.fullmatch(element):
            quality = _parse_quality(found.group(2) or "1")
            qualities[found.group(1).lower()] = quality if quality is not None else 0.0
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0
