"""Masks written in SQL hide exactly what those written in Python hide, on the database that runs them."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.session import Database
from core.identity.masking import mask_id, mask_id_sql, mask_name, mask_name_sql, mask_phone, mask_phone_sql

PAIRS = ((mask_id, mask_id_sql), (mask_phone, mask_phone_sql), (mask_name, mask_name_sql))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
async def test_both_masks_agree(database: Database, value: str) -> None:
    async with database.anonymous() as session:
        for in_python, in_sql in PAIRS:
            masked = await session.driver.fetchval(f"select {in_sql('t.v')} from (select $1::text as v) t", value)
            assert masked == in_python(value)
