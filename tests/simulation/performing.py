"""The people of the simulated year at work: each step is an act in a transaction of its own, on a real database.

The core's acts bear duties through whatever plugins are enabled, as they do behind the endpoint; the plugin's own acts are
those of the registry, guarded as the endpoint has them. `Names` keeps which row a key of the story became.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from core.acting import ActContext, Actor
from core.calendar import shipped_calendar
from core.cases.acts.appearances import APPEARANCE_RECORD
from core.cases.acts.documents import DOCUMENT_REGISTER
from core.cases.acts.effectiveness import JUDGMENT_BECOME_EFFECTIVE
from core.cases.acts.hearings import HEARING_CANCEL, HEARING_HOLD, HEARING_RESCHEDULE, HEARING_SCHEDULE
from core.cases.acts.holdings import NewHolding
from core.cases.acts.judgments import JUDGMENT_RECORD
from core.cases.acts.obligations import OBLIGATION_FULFIL, OBLIGATION_RECORD
from core.cases.acts.periods import PERIOD_EXTEND, PERIOD_MEET, PERIOD_RESUME, PERIOD_SUSPEND, PERIOD_VOID
from core.cases.acts.registration import CASE_REGISTER
from core.cases.acts.suggestions import SUGGESTION_RECORD, SUGGESTION_REPLY
from core.cases.acts.terms import JudgmentKind
from core.cases.outcomes import Outcome
from core.cases.tables import Obligation, Period, Response
from core.cases.vocabulary import Direction, DocType, ProcedureKind, SuggestionKind
from core.clock import FrozenClock
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.extension.cache import EnablementCache
from core.extension.registry import Registry
from core.identity.development_issuer import DEVELOPMENT_ISSUER
from core.identity.roles import Role
from core.identity.tables import Member
from core.notifications.tables import NotificationPreference
from core.tenancy.tables import Agency
from schema.act import Act
from tests.simulation.history.city import AgencyOfYear
from tests.simulation.history.steps import Deed, Step
from tests.simulation.reference.facts import BEIJING

SHARD, LOW, HIGH = 4401, 440100000, 440200000
CAUSE = "0101"
ROLES = {
    Deed.REPORT: Role.AGENCY,
    Deed.CONFIRM: Role.AGENCY,
    Deed.FEEDBACK: Role.AGENCY,
    Deed.REMEDY: Role.AGENCY_LEGAL,
}
"""Who takes a step of the plugin; the bureau where nobody is named."""


@dataclass(slots=True)
class Names:
    """What the story's keys are in the database."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    responses: dict[int, UUID] = field(default_factory=dict)
    cases: dict[int, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    sources: dict[str, UUID] = field(default_factory=dict)
    """By the key of a duty: its period, its hearing, or its suggestion."""
    acts: dict[str, UUID] = field(default_factory=dict)
    """By the key of a duty: the core's obligation or suggestion that is done."""


@dataclass(slots=True)
class People:
    """Whoever acts. Steps of different cases happen at once, those of one case one after another."""

    database: Database
    registry: Registry
    agencies: dict[int, AgencyOfYear]
    names: Names
    at_once: int = 4
    own: dict[str, Act] = field(default_factory=dict)
    """The acts of plugins, by name."""
    enablement: EnablementCache = field(init=False)

    def __post_init__(self) -> None:
        self.enablement = self.registry.enablement()
        self.own = {act.name: act for part in self.registry.contributions() for act in part.acts}

    async def perform(self, steps: Iterable[Step]) -> None:
        """Take these steps; whatever is refused is an error of the story or of the platform."""
        by_case: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            by_case[step.case].append(step)
        hands = asyncio.Semaphore(self.at_once)
        async with asyncio.TaskGroup() as group:
            for own in by_case.values():
                group.create_task(self._in_order(hands, own))

    async def _in_order(self, hands: asyncio.Semaphore, steps: list[Step]) -> None:
        for step in steps:
            async with hands:
                await self.take(step)

    async def take(self, step: Step) -> None:
        """Take one step, in one transaction, at its instant."""
        scope = scope_of(step.at.date())
        enabled = await self.enablement.enabled(self.database.queries, scope)
        role = ROLES.get(step.deed, Role.CITY_BUREAU)
        async with self.database.write(scope) as session:
            context = ActContext(
                session,
                FrozenClock(step.at),
                Actor(f"simulation:{role.value}", "模拟", role.value),
                shipped_calendar(),
                subscribers=self.registry.subscribers(enabled.plugins),
            )
            try:
                await self._take(context, step)
            except Exception as error:
                error.add_note(f"{step.deed} of {step.key} at {step.at}: {dict(step.given)}")
                raise

    async def _take(self, context: ActContext, step: Step) -> None:
        match step.deed:
            case Deed.CASE_REGISTER:
                await self._register(context, step)
            case Deed.DOCUMENT_REGISTER:
                await self._document(context, step)
            case Deed.HEARING_SCHEDULE:
                given = {"held_on": step.given["on"], "starts_at": step.given["starts"]}
                hearing = await _do(context, HEARING_SCHEDULE, case_id=self.names.cases[step.case], **given)
                self.names.sources[step.key] = hearing
            case Deed.OBLIGATION_RECORD:
                await self._obligation(context, step)
            case Deed.SUGGESTION_RECORD:
                await self._suggestion(context, step)
            case Deed.REPORT:
                report = await self._report(context, step)
                await _do(context, self.own["reportSubmit"], report_id=report, summary="已收到应诉通知书")
            case Deed.CONFIRM | Deed.FEEDBACK | Deed.RETURN | Deed.VERIFY | Deed.REMEDY:
                await self._supervise(context, step, await self.supervised(context, step.key))
            case Deed.HEARING_HOLD | Deed.HEARING_RESCHEDULE | Deed.HEARING_CANCEL:
                await self._hear(context, step)
            case Deed.OBLIGATION_FULFIL:
                given = {"obligation_id": self.names.acts[step.key], "fulfilled_on": step.given["on"]}
                await _do(context, OBLIGATION_FULFIL, **given)
            case Deed.SUGGESTION_REPLY:
                given = {"suggestion_id": self.names.acts[step.key], "replied_on": step.given["on"]}
                await _do(context, SUGGESTION_REPLY, **given)
            case Deed.JUDGMENT_RECORD | Deed.JUDGMENT_EFFECT | Deed.ANALYSIS_SEND:
                await self._lose(context, step)
            case _:
                await self._change_period(context, step)

    async def _lose(self, context: ActContext, step: Step) -> None:
        """A judgment against the agency, its effect, and the analysis that it owes then."""
        response, on = self.names.responses[step.case], step.given["on"]
        match step.deed:
            case Deed.JUDGMENT_RECORD:
                given = {"case_id": self.names.cases[step.case], "kind": JudgmentKind.JUDGMENT, "decided_on": on}
                holdings = (NewHolding(response, Outcome.REVOKED),)
                judgment = await _do(context, JUDGMENT_RECORD, outcome=Outcome.REVOKED, holdings=holdings, **given)
                self.names.acts[step.key] = judgment
            case Deed.JUDGMENT_EFFECT:
                judgment = self.names.acts[step.key]
                await _do(context, JUDGMENT_BECOME_EFFECTIVE, judgment_id=judgment, effective_on=on)
                self.names.sources[step.key] = judgment
            case _:
                given = {"doc_type": DocType.LOSS_REPORT, "received_on": on, "direction": Direction.SENT}
                await _do(context, DOCUMENT_REGISTER, response_id=response, **given)

    async def _hear(self, context: ActContext, step: Step) -> None:
        hearing = self.names.sources[step.key]
        match step.deed:
            case Deed.HEARING_RESCHEDULE:
                await _do(context, HEARING_RESCHEDULE, hearing_id=hearing, held_on=step.given["on"], reason="法院改期")
            case Deed.HEARING_CANCEL:
                await _do(context, HEARING_CANCEL, hearing_id=hearing, reason="取消")
            case _:
                await _do(context, HEARING_HOLD, hearing_id=hearing)
                response = self.names.responses[step.case]
                await _do(context, APPEARANCE_RECORD, hearing_id=hearing, response_id=response, agents=2)

    async def _change_period(self, context: ActContext, step: Step) -> None:
        period, given = self.names.sources[step.key], step.given
        match step.deed:
            case Deed.PERIOD_MEET:
                await _do(context, PERIOD_MEET, period_id=period, met_on=given["on"])
            case Deed.PERIOD_SUSPEND:
                await _do(context, PERIOD_SUSPEND, period_id=period, suspended_on=given["on"], reason="中止诉讼")
            case Deed.PERIOD_RESUME:
                await _do(context, PERIOD_RESUME, period_id=period, resumed_on=given["on"])
            case Deed.PERIOD_EXTEND:
                days = {"granted_on": given["on"], "until": given["until"]}
                await _do(context, PERIOD_EXTEND, period_id=period, reason="准予延期", **days)
            case Deed.PERIOD_VOID:
                await _do(context, PERIOD_VOID, period_id=period, reason="登记有误")
            case _:
                raise NotImplementedError(step.deed)

    async def _supervise(self, context: ActContext, step: Step, obligation: UUID) -> None:
        """A step of the plugin's own about an obligation."""
        match step.deed:
            case Deed.CONFIRM:
                found = text(
                    "select id from reminders_reminder where shard = :shard and obligation_id = :id and offset_days = :offset"
                    " order by due_version desc limit 1"
                )
                asked = {"shard": SHARD, "id": obligation, "offset": step.given["offset"]}
                reminder = await context.session.scalar(found, asked)
                assert reminder is not None, "there is no reminder to confirm"
                await _do(context, self.own["reminderConfirm"], reminder_id=reminder)
            case Deed.FEEDBACK:
                await _do(context, self.own["feedbackFile"], obligation_id=obligation, summary="已按期办理")
            case Deed.RETURN:
                await _do(context, self.own["feedbackReturn"], obligation_id=obligation, reason="材料不全")
            case Deed.VERIFY:
                await _do(context, self.own["feedbackVerify"], obligation_id=obligation, result="属实")
            case _:
                due_on = step.at.date() + timedelta(days=60)
                plan = await _do(
                    context, self.own["remedyFile"], obligation_id=obligation, plan="限期补正", due_on=due_on
                )
                context.actor = Actor("simulation:head", "负责人", Role.AGENCY_HEAD.value)
                await _do(context, self.own["remedySign"], remedy_id=plan)

    async def supervised(self, context: ActContext, key: str) -> UUID:
        """The supervised obligation of a duty."""
        found = text("select id from reminders_obligation where shard = :shard and source_id = :source")
        obligation = await context.session.scalar(found, {"shard": SHARD, "source": self.names.sources[key]})
        assert obligation is not None, f"{key} is not supervised"
        return obligation  # type: ignore[no-any-return]

    async def _report(self, context: ActContext, step: Step) -> UUID:
        found = text("select id from reminders_report where shard = :shard and document_id = :document")
        report = await context.session.scalar(found, {"shard": SHARD, "document": self.names.documents[step.key]})
        assert report is not None, f"{step.key} is not to be reported"
        return report  # type: ignore[no-any-return]

    async def _register(self, context: ActContext, step: Step) -> None:
        given = step.given
        values: dict[str, Any] = {"cause_code": CAUSE, "filed_on": given["filed_on"], "agency_id": self._agency(step)}
        if "reference" in given:
            values |= {"procedure_kind": ProcedureKind.RECON, "organ_reference": given["reference"]}
        else:
            values["number"] = f"（{given['filed_on'].year}）粤7101行初{step.case + 1}号"
        case_id = await _do(context, CASE_REGISTER, **values)
        response = await context.session.scalar(
            select(Response.id).where(Response.shard == SHARD, Response.case_id == case_id)
        )
        self.names.cases[step.case], self.names.responses[step.case] = case_id, response

    def _agency(self, step: Step) -> UUID:
        return self.names.agencies[self.agencies[step.case].external_id]

    async def _document(self, context: ActContext, step: Step) -> None:
        given = {"doc_type": DocType[step.given["doc_type"]], "received_on": step.given["received_on"]}
        response = self.names.responses[step.case]
        document = await _do(context, DOCUMENT_REGISTER, response_id=response, **given)
        self.names.documents[step.key] = document
        if step.given.get("duty"):
            period = select(Period.id).where(
                Period.shard == SHARD, Period.response_id == response, Period.source_document_id == document
            )
            self.names.sources[step.given["duty"]] = await context.session.scalar(period)

    async def _obligation(self, context: ActContext, step: Step) -> None:
        given = {"starts_on": step.given["starts_on"], "term_amount": step.given["amount"], "content": "重新作出决定"}
        obligation = await _do(context, OBLIGATION_RECORD, response_id=self.names.responses[step.case], **given)
        period = select(Obligation.period_id).where(Obligation.shard == SHARD, Obligation.id == obligation)
        self.names.acts[step.key] = obligation
        self.names.sources[step.key] = await context.session.scalar(period)

    async def _suggestion(self, context: ActContext, step: Step) -> None:
        """One with a case is supervised by its period, one without by itself."""
        response, alone = self.names.responses[step.case], step.given["alone"]
        whose = {"agency_id": self._agency(step)} if alone else {"response_id": response}
        suggestion = await _do(
            context,
            SUGGESTION_RECORD,
            kind=SuggestionKind.JUDICIAL,
            issued_by="广州铁路运输法院",
            subject="规范执法程序",
            received_on=step.given["received_on"],
            **whose,
        )
        period = select(Period.id).where(
            Period.shard == SHARD, Period.response_id == response, Period.kind == "SUGGESTION_REPLY"
        )
        self.names.acts[step.key] = suggestion
        self.names.sources[step.key] = suggestion if alone else await context.session.scalar(period)


async def _do(context: ActContext, act: Act, **given: Any) -> Any:
    return await act.perform(context, act.given(**given))


def scope_of(day: date) -> Scope:
    """The city's."""
    return Scope(ScopeKind.TENANT, SHARD, LOW, HIGH, TenantLevel.CITY, day)


async def settle_agencies(database: Database, agencies: Iterable[AgencyOfYear]) -> Names:
    """The agencies of the story as rows, each with a liaison officer who wants e-mail."""
    names = Names()
    async with database.system() as session:
        for one in agencies:
            if one.external_id not in names.agencies:
                values = {
                    "shard": SHARD,
                    "code": one.code,
                    "external_id": one.external_id,
                    "name_zh": one.name,
                    "sort_key": one.external_id,
                    "level": one.level.upper(),
                    "category": one.category.upper(),
                }
                statement = insert(Agency).values(values).returning(Agency.id)
                names.agencies[one.external_id] = await session.scalar(statement)
                member = insert(Member).values(_member(one, names.agencies[one.external_id])).returning(Member.id)
                await session.execute(insert(NotificationPreference).values(_mail(one, await session.scalar(member))))
    return names


def subject_of(agency: AgencyOfYear) -> str:
    """Who the liaison officer is to the development issuer."""
    return f"dev:{agency.external_id}"


def _mail(agency: AgencyOfYear, member_id: UUID) -> dict[str, Any]:
    """通知偏好: e-mail beside the inbox."""
    return {
        "shard": SHARD,
        "code": agency.code,
        "member_id": member_id,
        "channels": {"EMAIL": f"{agency.external_id.lower()}@gz.example"},
        "changed_at": datetime(2025, 1, 1, tzinfo=BEIJING),
    }


def _member(agency: AgencyOfYear, agency_id: UUID) -> dict[str, Any]:
    """联络员: whom the reminders reach."""
    return {
        "shard": SHARD,
        "code": agency.code,
        "agency_id": agency_id,
        "issuer": DEVELOPMENT_ISSUER,
        "subject": subject_of(agency),
        "role": Role.AGENCY.value,
        "display_name": agency.name,
        "valid_from": date(2025, 1, 1),
        "created_at": datetime(2025, 1, 1, tzinfo=BEIJING),
    }
