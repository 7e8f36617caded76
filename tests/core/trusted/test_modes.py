"""Which tenant decides what happens to a document that nobody registered."""

from __future__ import annotations

import pytest

from core.trusted.modes import Said, TrustMode, mode_of

CITY, DISTRICT, STREET = (440100000, 440200000), (440112000, 440113000), (440112001, 440112002)
OFF, LOG, ENFORCE, INHERIT = TrustMode.OFF, TrustMode.LOG, TrustMode.ENFORCE, TrustMode.INHERIT


@pytest.mark.parametrize(
    ("said", "street", "district", "city"),
    [
        ([], OFF, OFF, OFF),
        ([Said(*CITY, ENFORCE)], ENFORCE, ENFORCE, ENFORCE),
        ([Said(*DISTRICT, ENFORCE)], ENFORCE, ENFORCE, OFF),
        ([Said(*CITY, ENFORCE), Said(*DISTRICT, LOG)], LOG, LOG, ENFORCE),
        ([Said(*CITY, LOG), Said(*DISTRICT, INHERIT), Said(*STREET, OFF)], OFF, LOG, LOG),
        ([Said(*STREET, ENFORCE), Said(*CITY, INHERIT)], ENFORCE, OFF, OFF),
        ([Said(440106000, 440107000, ENFORCE)], OFF, OFF, OFF),
    ],
)
def test_the_nearest_tenant_that_says_something_decides(said, street, district, city):
    for order in (said, said[::-1]):
        assert [mode_of(order, *who) for who in (STREET, DISTRICT, CITY)] == [street, district, city]
