import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.roles import (
    MATRIX,
    Area,
    Grant,
    Role,
    ScopeKind,
    Topic,
    approvers,
    configuration_readers,
    configurers,
    enterers,
    readers,
)

# The letters of the domain rules' table, typed a second time and in its order; F is "R aggregates".
TABLE = """
city_bureau          TENANT    RA  RA  WA  A   R   A   WA  WA  W
city_leader          TENANT    R   R   R   R   R   A   A   A   -
district_bureau      TENANT    R   A   WA  A   R   A   R   W   W
agency_legal         AGENCY    RW  A   R   W   W   A   R   R   W
agency               AGENCY    RW  W   RW  W   W   R   R   R   -
agency_head          AGENCY    R   R   R   W   R   A   R   R   -
handler              ASSIGNED  RW  W   R   R   W   W   -   -   -
town                 TENANT    RW  W   R   W   W   W   R   R   -
court_liaison        COURT     R   -   -   W   W   -   -   R   -
mediator             ASSIGNED  R   -   R   -   W   -   -   -   -
centre_staff         REFERRED  R   -   W   -   WA  -   -   R   W
executive_secretary  NONE      F   -   -   F   F   R   R   R   -
auditor              TENANT    R   R   R   R   R   R   R   R   R
platform_admin       NONE      -   -   -   -   -   -   -   -   W
"""
LETTERS = {"R": Grant.READ, "W": Grant.WRITE, "A": Grant.APPROVE, "F": Grant.FIGURES}
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(name, area, letters) for name, _, *row in ROWS for area, letters in zip(Area, row, strict=True)]


def test_the_table_has_every_role_and_every_area() -> None:
    assert [name for name, *_ in ROWS] == [role.token_name for role in Role]
    assert set(MATRIX) == set(Role)
    assert all(tuple(row) == tuple(Area) for row in MATRIX.values())


@pytest.mark.parametrize(("name", "area", "letters"), CELLS)
def test_matrix(name: str, area: Area, letters: str) -> None:
    role = Role.from_token_name(name)
    expected = {LETTERS[letter] for letter in letters if letter != "-"}
    assert MATRIX[role][area].grants == expected
    assert (role in readers(area)) == bool(expected & {Grant.READ, Grant.WRITE, Grant.APPROVE})
    assert (role in enterers(area)) == bool(expected & {Grant.WRITE, Grant.APPROVE})
    assert (role in approvers(area)) == (Grant.APPROVE in expected)


@pytest.mark.parametrize(("name", "scope"), [(row[0], row[1]) for row in ROWS])
def test_scope(name: str, scope: str) -> None:
    assert Role.from_token_name(name).scope is ScopeKind(scope)


@pytest.mark.parametrize(
    ("topic", "roles"),
    [
        (Topic.CALENDAR, {Role.CITY_BUREAU, Role.PLATFORM_ADMIN}),
        (Topic.RULES, {Role.CITY_BUREAU, Role.PLATFORM_ADMIN}),
        (Topic.CODES, {Role.CITY_BUREAU, Role.PLATFORM_ADMIN}),
        (Topic.USERS, {Role.DISTRICT_BUREAU, Role.AGENCY_LEGAL, Role.PLATFORM_ADMIN}),
        (Topic.ROSTER, {Role.CENTRE_STAFF, Role.PLATFORM_ADMIN}),
        (Topic.PLATFORM, {Role.PLATFORM_ADMIN}),
    ],
)
def test_configuration_goes_by_topic(topic: Topic, roles: set[Role]) -> None:
    assert configurers(topic) == roles
    assert configuration_readers(topic) == roles | {Role.AUDITOR}


def test_topics_stand_only_where_there_is_a_letter() -> None:
    for row in MATRIX.values():
        for area, cell in row.items():
            assert bool(cell.topics) == (area is Area.CONFIGURATION and bool(cell.grants))


def test_labels_tell_the_roles_apart() -> None:
    assert len({role.zh for role in Role}) == len({role.en for role in Role}) == len(Role)


@given(st.text() | st.sampled_from([role.value for role in Role]))
def test_a_token_name_is_lower_case_and_known(name: str) -> None:
    if name in [row[0] for row in ROWS]:
        assert Role.from_token_name(name).token_name == name
    else:
        with pytest.raises(ValueError):
            Role.from_token_name(name)
