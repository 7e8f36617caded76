"""The API over HTTP, as a front end meets it."""

from __future__ import annotations

from tests.e2e.conftest import Api
from tests.support.city import City


async def test_viewer_tells_who_asks_and_what_they_may(api: Api) -> None:
    data = await api.ask(
        "agency", "{ viewer { subject permissions membership { role roleZh tenantCode agencyId } today } }"
    )
    assert data["viewer"]["membership"]["role"] == "AGENCY"
    assert "case.register" in data["viewer"]["permissions"]
    assert data["viewer"]["today"] == "2026-03-10"


async def test_enum_labels_are_data(api: Api) -> None:
    data = await api.ask("agency", '{ enumLabels(name: "CaseStatus") { value zh en } }')
    assert {"value": "OPEN", "zh": "在办", "en": "open"} in data["enumLabels"]


async def test_a_hearing_is_scheduled_and_read_back_in_one_answer(api: Api, city: City) -> None:
    found = await api.ask("agency", '{ caseByNumber(number: "（2026）粤7101行初3号") { id } }')
    answer = await api.ask(
        "agency",
        """mutation($input: HearingScheduleInput!) { a: hearingSchedule(input: $input) {
             hearing { heldOn startsAt case { number firstHearingOn } appearances { headAttended } } errors { code } clientMutationId } }""",
        {
            "input": {
                "caseId": found["caseByNumber"]["id"],
                "heldOn": "2026-03-24",
                "startsAt": "09:30",
                "clientMutationId": "m1",
            }
        },
    )
    assert answer["a"] == {
        "hearing": {
            "heldOn": "2026-03-24",
            "startsAt": "09:30",
            "case": {"number": "（2026）粤7101行初3号", "firstHearingOn": "2026-03-24"},
            "appearances": [{"headAttended": None}],
        },
        "errors": [],
        "clientMutationId": "m1",
    }


async def test_a_refused_act_answers_its_code_and_changes_nothing(api: Api) -> None:
    found = await api.ask("agency", '{ caseByNumber(number: "（2026）粤7101行初3号") { id } }')
    before = await api.ask("city_bureau", "{ hearings { totalCount } }")
    answer = await api.ask(
        "agency",
        "mutation($input: HearingScheduleInput!) { hearingSchedule(input: $input) { hearing { id } errors { code message messageZh path } } }",
        {"input": {"caseId": found["caseByNumber"]["id"], "heldOn": "2020-01-01"}},
    )
    assert answer["hearingSchedule"]["hearing"] is None
    error = answer["hearingSchedule"]["errors"][0]
    assert error["path"] == ["input", "heldOn"]
    assert error["messageZh"]
    assert await api.ask("city_bureau", "{ hearings { totalCount } }") == before


async def test_another_citys_case_is_not_found_by_an_act(api: Api) -> None:
    foreign = await api.ask("other_city", "{ cases { nodes { id } } }")
    answer = await api.ask(
        "agency",
        "mutation($input: NoteWriteInput!) { noteWrite(input: $input) { note { id } errors { code } } }",
        {
            "input": {
                "responseId": (await api.ask("other_city", "{ cases { nodes { responses { id } } } }"))["cases"][
                    "nodes"
                ][0]["responses"][0]["id"],
                "body": "x",
            }
        },
    )
    assert answer["noteWrite"] == {"note": None, "errors": [{"code": "NOT_FOUND"}]}
    assert foreign["cases"]["nodes"]


async def test_tokens_are_asked_for(api: Api) -> None:
    for who, code in ((None, "UNAUTHENTICATED"), ("expired", "FORBIDDEN"), ("nobody", "FORBIDDEN")):
        answer = (await api.post(who, "{ viewer { subject } }")).json()
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_a_permission_that_is_missing_is_named(api: Api) -> None:
    answer = (await api.post("court_liaison", "{ periods { nodes { id } } viewer { subject } }")).json()
    assert answer["data"]["periods"] is None
    assert answer["data"]["viewer"]["subject"] == "dev:court_liaison"
    assert answer["errors"][0]["extensions"] == {
        "code": "FORBIDDEN",
        "messageZh": "需要权限 periods.read",
        "permission": "periods.read",
        "requestId": answer["errors"][0]["extensions"]["requestId"],
    }


async def test_an_auditors_reads_are_recorded_first(api: Api) -> None:
    await api.ask("auditor", "query Looking { cases { totalCount } }")
    data = await api.ask("auditor", '{ auditEntries(filter: { act: { eq: "auditRead" } }) { nodes { actor after } } }')
    assert any("Looking" in entry["after"]["query"] for entry in data["auditEntries"]["nodes"])


async def test_a_period_is_previewed_with_its_trace(api: Api) -> None:
    query = """{ periodPreview(startOn: "2026-02-05", amount: 15, unit: DAY, roll: true) { dueOn rawLastDay provisional steps { rule law text } }
                 calendarDays(first: "2026-02-14", last: "2026-02-15") { day isWorkday holiday official } }"""
    data = await api.ask("agency", query)
    assert data["periodPreview"]["rawLastDay"] == "2026-02-20"
    assert data["periodPreview"]["steps"][0]["law"]


async def test_an_unknown_enum_has_no_labels_and_breaks_nothing(api: Api) -> None:
    assert await api.ask("agency", '{ enumLabels(name: "Nothing") { value } viewer { subject } }') == {
        "enumLabels": None,
        "viewer": {"subject": "dev:agency"},
    }


ADD_PARTY = """mutation($v: PartyAddInput!) { partyAdd(input: $v) { party { id name identityNumber telephone } errors { code } } }"""
REVEAL = """mutation($v: PartySensitiveRevealInput!) { partySensitiveReveal(input: $v) {
              party { identityNumber } identityNumber telephone errors { code } } }"""


async def test_a_sensitive_field_is_masked_and_its_reveal_is_recorded(api: Api) -> None:
    case = (await api.ask("agency", '{ caseByNumber(number: "（2026）粤7101行初3号") { id } }'))["caseByNumber"]["id"]
    given = {
        "caseId": case,
        "side": "CLAIMANT",
        "name": "李某",
        "identityNumber": "11010519491231002X",
        "telephone": "13812345678",
    }
    party = (await api.ask("agency", ADD_PARTY, {"v": given}))["partyAdd"]["party"]
    assert "19491231" not in party["identityNumber"]
    assert party["telephone"].startswith("138")
    assert "1234" not in party["telephone"]

    asked = {"partyId": party["id"], "reason": "核对身份"}
    shown = (await api.ask("agency", REVEAL, {"v": asked}))["partySensitiveReveal"]
    assert (shown["identityNumber"], shown["telephone"]) == ("11010519491231002X", "13812345678")
    assert shown["party"]["identityNumber"] == party["identityNumber"]

    entries = await api.ask(
        "auditor",
        '{ auditEntries(filter: { act: { eq: "partySensitiveReveal" } }) { nodes { actor reason before after } } }',
    )
    assert entries["auditEntries"]["nodes"][0]["actor"] == "dev:agency"
    assert "11010519491231002X" not in str(entries)

    refused = (await api.post("mediator", REVEAL, {"v": asked})).json()
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    foreign = (await api.ask("other_city", REVEAL, {"v": asked}))["partySensitiveReveal"]
    assert foreign == {"party": None, "identityNumber": None, "telephone": None, "errors": [{"code": "NOT_FOUND"}]}


ADD_MEMBER = """mutation($v: MemberAddInput!) { memberAdd(input: $v) { member { role tenant { code } } errors { code message path } } }"""


async def test_a_platform_administrator_brings_in_the_first_member_of_a_city(api: Api) -> None:
    """The only way into a new installation, as the operator's guide tells it; without any case content."""
    given = {
        "issuer": "https://idp.example", "subject": "first", "displayName": "王某", "role": "CITY_BUREAU", "tenantCode": "4401",
    }  # fmt: skip
    added = (await api.ask("platform_admin", ADD_MEMBER, {"v": given}))["memberAdd"]
    assert added["errors"] == []
    assert added["member"] == {"role": "CITY_BUREAU", "tenant": {"code": 440100000}}
    seen = await api.post("platform_admin", "{ cases { totalCount } }")
    assert seen.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
