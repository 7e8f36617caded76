"""The front-end guide's query of supervision is asked, and its answer is the one that stands there."""

import json
import re
from pathlib import Path

from tests.support.supervision import Desk, liaison

PAGE = Path(__file__).parents[3] / "docs" / "front-end.md"


def block(kind: str) -> str:
    found = re.search(rf"```{kind} supervision\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


async def test_the_query_of_the_guide_answers_as_the_guide_says(desk: Desk) -> None:
    desk.at("2026-03-10")
    filed = await desk.file("street")
    await desk.receive(filed, "RESPONSE_NOTICE", "2026-03-10")
    answer = await desk.lab.ask(liaison("street"), block("graphql"))
    number = answer["data"]["myReports"]["nodes"][0]["case"]["number"]
    shown = json.loads(block("json").replace("（2026）粤7101行初1001号", number))
    assert answer["data"] == shown
