"""What the plugin promises, asked as a client asks."""

from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import select, update
from yingsu_example import jobs, reactions
from yingsu_example.tables import CaseLabel

from core.sdk.acts import ActContext, Actor, Subject
from core.sdk.events import CaseClosed
from core.sdk.hooks import Role
from core.sdk.jobs import NoPayload, Outcome
from core.sdk.rules import shipped_calendar
from core.sdk.testing import Laboratory, Visitor

CITY = Visitor("city")
ADD = """mutation ($input: CaseLabelAddInput!) {
  caseLabelAdd(input: $input) { caseLabel { text colour case { labelCount } } errors { code message messageZh path } }
}"""
CASES = "{ cases { nodes { number labels { text colour } labelCount } } }"


async def add(lab: Laboratory, place: str, text: str, colour: str = "红", who: Visitor | None = None) -> dict[str, Any]:
    given = {"responseId": lab.id("Response", lab.city.responses[place]), "text": text, "colour": colour}
    answer = await lab.ask(who or CITY, ADD, {"input": given})
    assert "errors" not in answer, answer
    return answer["data"]["caseLabelAdd"]


async def settings(lab: Laboratory, place: str, text: str) -> dict[str, Any]:
    answer = await lab.ask(
        Visitor(place),
        "mutation ($input: PluginSettingsChangeInput!) { pluginSettingsChange(input: $input)"
        " { pluginSettingVersion { version data validFrom } errors { code messageZh path } } }",
        {"input": {"plugin": "case_label", "settings": text}},
    )
    return answer["data"]["pluginSettingsChange"]


async def test_nobody_has_it_until_somebody_enables_it(lab: Laboratory) -> None:
    answer = await lab.ask(CITY, "{ cases { nodes { labels { text } } } }")
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "CaseLabel" not in lab.sdl()
    assert "type CaseLabel implements Node" in lab.sdl("case_label")
    assert (await lab.choose("case_label", "ENABLED"))["errors"] == []
    assert "errors" not in await lab.ask(CITY, CASES)


async def test_a_label_is_added_and_read_in_one_answer(lab: Laboratory) -> None:
    done = await add(lab, "huangpu", "重大")
    assert done == {"caseLabel": {"text": "重大", "colour": "红", "case": {"labelCount": 1}}, "errors": []}
    cases = (await lab.ask(CITY, CASES))["data"]["cases"]["nodes"]
    assert [case["labels"] for case in cases if case["labelCount"]] == [[{"text": "重大", "colour": "红"}]]
    assert {case["labelCount"] for case in cases} == {0, 1}


async def test_colours_have_codes_where_the_plugin_knows_them(lab: Laboratory) -> None:
    labels = "{ caseLabels { nodes { colour colourCode } } }"
    nodes = (await lab.ask(CITY, labels))["data"]["caseLabels"]["nodes"]
    assert nodes == [{"colour": "红", "colourCode": "#d4380d"}]


async def test_a_label_is_refused_in_the_acts_own_codes(lab: Laboratory) -> None:
    assert (await add(lab, "huangpu", "重大"))["errors"][0]["code"] == "CONFLICT"
    unknown = (await add(lab, "huangpu", "涉众", "紫"))["errors"][0]
    assert (unknown["code"], unknown["path"]) == ("COLOUR_UNKNOWN", ["input", "colour"])
    assert (await add(lab, "huangpu", " "))["errors"][0]["code"] == "INVALID_INPUT"
    elsewhere = await add(lab, "tianhe", "重大", who=Visitor("huangpu", Role.AGENCY_LEGAL))
    assert elsewhere["errors"][0]["code"] == "NOT_FOUND"


async def test_a_tenant_that_only_reads_cases_has_not_the_permission(lab: Laboratory) -> None:
    given = {"responseId": lab.id("Response", lab.city.responses["city"]), "text": "重大", "colour": "红"}
    answer = await lab.ask(Visitor("city", Role.CITY_LEADER), ADD, {"input": given})
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_settings_are_inherited_and_narrowed(lab: Laboratory) -> None:
    assert (await settings(lab, "city", '{"max_labels": 2, "palette": ["红", "蓝"]}'))["errors"] == []
    assert (await settings(lab, "huangpu", '{"max_labels": 1}'))["errors"] == []
    assert (await add(lab, "huangpu", "涉众"))["errors"][0]["code"] == "TOO_MANY"
    assert (await add(lab, "street", "一", "蓝"))["errors"] == []
    assert (await add(lab, "street", "二"))["errors"][0]["code"] == "TOO_MANY"
    assert (await add(lab, "tianhe", "一"))["errors"] == []
    assert (await add(lab, "tianhe", "二"))["errors"] == []


@pytest.mark.parametrize(
    ("text", "path", "zh"),
    [
        ('{"max_labels": 0}', ["input", "settings", "max_labels"], "max_labels：不能小于1"),
        ('{"max_label": 1}', ["input", "settings", "max_label"], "max_label：没有这个参数"),
        ('{"palette": ["红", "红"]}', ["input", "settings"], "颜色不能重复"),
        ('{"palette": "红"}', ["input", "settings", "palette"], "palette：应为列表"),
        ("[]", ["input", "settings"], "应为 JSON 对象"),
        ("{", ["input", "settings"], "不是合法的 JSON"),
    ],
)
async def test_wrong_settings_name_the_field_and_the_reason(
    lab: Laboratory, text: str, path: list[str], zh: str
) -> None:
    refused = (await settings(lab, "city", text))["errors"]
    assert refused == [{"code": "INVALID_INPUT", "messageZh": zh, "path": path}]


async def test_disabled_in_a_district_its_rows_are_empty_its_mutation_refused_its_data_kept(lab: Laboratory) -> None:
    assert (await lab.choose("case_label", "DISABLED", "huangpu"))["errors"] == []
    refused = (await add(lab, "street", "三"))["errors"]
    assert [error["code"] for error in refused] == ["PLUGIN_NOT_ENABLED"]
    nodes = (
        await lab.ask(CITY, "{ cases { nodes { labels { text } labelCount responses { tenant: agency { name } } } } }")
    )["data"]["cases"]["nodes"]
    empty = [case for case in nodes if case["labels"] is None]
    assert {case["responses"][0]["tenant"]["name"] for case in empty} == {"黄埔区人民政府", "红山街道人民政府"}
    assert all(case["labelCount"] is None for case in empty)
    own = await lab.ask(Visitor("street"), CASES)
    assert own["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    async with lab.database.system() as session:
        kept = await session.rows(select(CaseLabel.text).where(CaseLabel.code == 440112001))
    assert [row.text for row in kept] == ["一"]
    await lab.choose("case_label", "INHERIT", "huangpu")
    assert (await add(lab, "tianhe", "一"))["errors"][0]["code"] == "CONFLICT"
    assert (await lab.ask(Visitor("street"), CASES))["data"]["cases"]["nodes"][0]["labelCount"] == 1


async def test_a_reaction_writes_in_the_transaction_of_the_act_where_the_plugin_is_enabled(lab: Laboratory) -> None:
    assert (await settings(lab, "city", '{"max_labels": 9, "closed_label": "已结"}'))["errors"] == []
    registered = lab.registry.subscribers(frozenset({"case_label"}))
    assert len(registered["CaseClosed"]) == len(lab.registry.subscribers(frozenset()).get("CaseClosed", ())) + 1
    assert lab.registry.plugins["case_label"].subscriptions[0].react is reactions.label_closed
    heard = await close(lab, "city", registered["CaseClosed"])
    assert heard == ["已结"]
    await lab.choose("case_label", "DISABLED", "tianhe")
    assert "已结" not in await close(lab, "tianhe", registered["CaseClosed"])
    await lab.choose("case_label", "INHERIT", "tianhe")


async def close(lab: Laboratory, place: str, subscribers: Any) -> list[str]:
    """Let the reactions hear that the case of a place was closed; the labels that it then has."""
    code = {"city": 440100000, "tianhe": 440106000}[place]
    async with lab.database.write(CITY.scope(lab.city)) as session:
        context = ActContext(session, lab.clock, Actor("visitor", "张三", "CITY_BUREAU"), shipped_calendar())
        subject = Subject("Case", lab.city.cases[place], code, lab.city.agencies[place])
        event = CaseClosed(subject=subject, case_id=lab.city.cases[place], **rest(CaseClosed))
        for react in subscribers:
            await react(context, event)
    async with lab.database.system() as session:
        rows = await session.rows(select(CaseLabel.text).where(CaseLabel.case_id == lab.city.cases[place]))
    return [row.text for row in rows]


def rest(event: Any) -> dict[str, Any]:
    return {field.name: None for field in fields(event) if field.name not in {"subject", "case_id"}}


async def test_its_job_works_on_all_tenants(lab: Laboratory) -> None:
    async with lab.database.system() as session:
        await session.execute(update(CaseLabel).values(text=CaseLabel.text + " "))
    await lab.run(jobs.TIDY, NoPayload())
    async with lab.database.system() as session:
        texts = [row.text for row in await session.rows(select(CaseLabel.text))]
    assert texts
    assert texts == [text.strip() for text in texts]
    own = [job for name, job in lab.registry.jobs().items() if name.startswith("case_label.")]
    assert own == [jobs.RECOLOUR, jobs.TIDY]
    scheduled = [schedule.job for schedule in lab.registry.schedules()]
    assert [job for job in scheduled if job in own] == [jobs.TIDY]


async def test_its_other_job_works_in_the_scope_that_its_message_carries(lab: Laboratory) -> None:
    red_to_blue = jobs.Recolouring("红", "蓝")
    assert await lab.run(jobs.RECOLOUR, red_to_blue, tenant=440106000, key="blue") is Outcome.DONE
    assert await lab.run(jobs.RECOLOUR, red_to_blue, tenant=440106000, key="blue") is Outcome.ALREADY_DONE
    async with lab.database.system() as session:
        rows = await session.rows(select(CaseLabel.code, CaseLabel.colour).where(CaseLabel.colour.in_(["红", "蓝"])))
    assert {row.colour for row in rows if row.code == 440106000} == {"蓝"}
    assert "红" in {row.colour for row in rows if row.code != 440106000}


async def test_its_migration_makes_what_its_tables_declare(lab: Laboratory) -> None:
    assert await lab.differences("case_label") == []
    assert lab.silent_constraints("case_label") == []


async def test_a_row_of_a_tenant_that_has_not_enabled_it_is_not_listed_and_not_found(lab: Laboratory) -> None:
    made = [await lab.ask(CITY, ADD.replace("text colour", "id text"), {"input": given}) for given in labels_of(lab)]
    ids = [answer["data"]["caseLabelAdd"]["caseLabel"]["id"] for answer in made]
    await lab.choose("case_label", "DISABLED", "huangpu")
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CaseLabel { text } } caseLabels { totalCount nodes { text } } }"
    seen = (await lab.ask(CITY, query, {"ids": ids}))["data"]
    assert seen["nodes"] == [None, {"text": "并列二"}]
    texts = [node["text"] for node in seen["caseLabels"]["nodes"]]
    assert (len(texts), texts[0]) == (seen["caseLabels"]["totalCount"], "并列二")
    assert None not in texts
    cases = (await lab.ask(CITY, CASES))["data"]["cases"]["nodes"]
    assert [{"text": "并列二", "colour": "红"}] in [case["labels"] for case in cases]
    await lab.choose("case_label", "INHERIT", "huangpu")


def labels_of(lab: Laboratory) -> list[dict[str, str]]:
    """A label of each of the two agencies that answer the shared case."""
    places = {"shared": "并列一", "shared/tianhe": "并列二"}
    return [
        {"responseId": lab.id("Response", lab.city.responses[place]), "text": text, "colour": "红"}
        for place, text in places.items()
    ]


async def test_a_label_is_told_to_those_who_see_it(lab: Laboratory) -> None:
    """After it was enabled above; nobody wrote down who that is."""
    query = "subscription { caseLabelled { event label { text case { number } } } }"
    since = await lab.now()
    assert (await add(lab, "tianhe", "通知"))["errors"] == []
    told = {"event": "ADDED", "label": {"text": "通知", "case": {"number": "（2026）粤7101行初2号"}}}
    for place in ("city", "tianhe"):
        (answer,) = await lab.told(Visitor(place), query, since)
        assert answer["data"]["caseLabelled"] == told
    for place in ("huangpu", "street"):
        assert await lab.told(Visitor(place), query, since) == []
    assert "caseLabelled" in lab.sdl("case_label")
    assert "CaseLabelled" not in lab.sdl()
