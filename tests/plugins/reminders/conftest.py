"""The plugin in a laboratory: a real database, a small city that has it enabled, a clock that stands where it is put."""

from collections.abc import AsyncIterator

import pytest

from core.sdk.testing import laboratory
from tests.support.supervision import Desk


@pytest.fixture(scope="module")
async def desk(server_url: str, monkeymodule: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeymodule.setenv("YINGSU_TEST_SERVER", server_url)
    async with laboratory() as lab:
        assert (await lab.choose("reminders", "ENABLED"))["errors"] == []
        yield Desk(lab)


@pytest.fixture(scope="module")
def monkeymodule() -> AsyncIterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch
