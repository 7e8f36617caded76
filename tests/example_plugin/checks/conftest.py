"""The plugin's own tests run in a laboratory: a real database, a small city, the schema with what is installed."""

from collections.abc import AsyncIterator

import pytest

from core.sdk.testing import Laboratory, laboratory


@pytest.fixture(scope="module")
async def lab() -> AsyncIterator[Laboratory]:
    async with laboratory() as opened:
        yield opened
