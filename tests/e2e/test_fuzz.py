"""The short form of `make fuzz`: always the same requests; and the judge that must see what is wrong with an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.db.session import Database
from tests.e2e.conftest import install_members
from tests.fuzz.oracle import Answer, faults
from tests.fuzz.running import run
from tests.support.city import City

HEADERS = {"content-type": "application/graphql-response+json; charset=utf-8", "x-request-id": "r"}


async def test_three_thousand_mutated_requests(database: Database, city: City, tmp_path: Path) -> None:
    await install_members(database, city)
    report = await run(database, city, tmp_path, seed=1, count=3_000)
    assert [(fault.what, fault.sent) for fault in report.faults] == []
    assert report.requests == 3_000
    assert {b"GRAPHQL_PARSE_FAILED", b"GRAPHQL_VALIDATION_FAILED", b"BAD_USER_INPUT"} <= set(report.codes)
    assert report.statuses[200] > 100, "hardly any request was executed"


@dataclass(frozen=True)
class Said:
    text: str = "{ a }"


def error(message: str = "m", code: str = "BAD_USER_INPUT", zh: str = "输入有误", request_id: str = "r") -> bytes:
    return (
        f'{{"errors":[{{"message":"{message}","extensions":{{"code":"{code}","messageZh":"{zh}","requestId":"{request_id}"}}}}]}}'
    ).encode()


def test_what_is_well_answered_has_no_faults() -> None:
    assert faults(Answer(400, HEADERS, error()), Said(), (), "POST") == []
    assert faults(Answer(200, HEADERS, b'{"data":{}}'), Said(), (), "POST") == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, error()),
        (503, error(code="TIMEOUT")),
        (200, error()),
        (400, b'{"data":{}}'),
        (200, b'{"data":NaN}'),
        (200, b"{}"),
        (400, error(message="")),
        (400, error(code="INTERNAL")),
        (400, error(code="SOMETHING")),
        (400, error(zh="only English")),
        (400, error(request_id="another")),
        (400, error(message="select a from b")),
        (400, error(message="ValueError: x")),
        (400, error(message="invalid literal for int()")),
    ],
)
def test_the_judge_sees_it(status: int, body: bytes) -> None:
    assert faults(Answer(status, HEADERS, body), Said(), (), "POST")


def test_what_the_request_said_itself_is_no_leak() -> None:
    answer = Answer(400, HEADERS, error(message="unknown field ValueError"))
    assert faults(answer, Said("{ ValueError }"), (), "POST") == []
