"""导入行政机关: agencies of one tenant's range from a CSV file, by command line.

Columns: `agency_id`, `name` (or `name_zh`), `level`, `tenant_code`, `category`; optional `short_name`. That is what the case
generator writes and what ships for Guangzhou.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from core.cases.vocabulary import AgencyCategory, AgencyLevel
from core.db.session import SystemSession
from core.imports.columns import SYNONYMS
from core.labels import Labelled
from core.reference.pinyin import pinyin_key
from core.tenancy import records
from core.tenancy.acts.changes import Order
from core.tenancy.acts.row_file import FileImport, FileRow, RowFinding, Severity, read_rows
from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code
from core.tenancy.hierarchy import Tenant
from core.tenancy.register import Register, current_successor

REQUIRED = ("agency_id", "level", "tenant_code", "category")
COMPARED = ("name_zh", "short_name", "level", "category")
_LONGEST_ID, _LONGEST_NAME = 64, 200


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A row that can be used: the agency's columns, and where it stands."""

    row: FileRow
    values: Mapping[str, Any]

    @property
    def external_id(self) -> str:
        """The agency's id in the file."""
        return str(self.values["external_id"])


async def import_agencies(
    session: SystemSession,
    content: bytes,
    tenant: Tenant,
    order: Order,
    *,
    update: bool = False,
    keep_good: bool = False,
) -> FileImport:
    """Add the file's agencies to the tenants in the range of `tenant`; the `agency_id` is kept as the external id.

    An agency that is known keeps what it is, with a warning where the file differs, unless `update`; its place changes by a
    change of its tenant alone. Rejected rows keep the whole file out, unless `keep_good`. Running it again changes nothing.
    Raises `FileUnreadable`.
    """
    shard = records.shard_number(tenant.code)
    register = await records.read_register(session, shard)
    read = read_rows(content, (*REQUIRED, *_name_column(content)))
    good, findings = judge(read, register, tenant)
    known = await records.agencies_by_external_id(session, shard, [row.external_id for row in good])
    differing = {row.external_id: _differences(row, known[row.external_id]) for row in good if row.external_id in known}
    findings += _findings_of_known(good, known, differing, tenant, update=update)
    rejected = {finding.line for finding in findings if finding.severity is Severity.REJECTED}
    landing = [row for row in good if row.row.line not in rejected]
    changes = [row for row in landing if update and differing.get(row.external_id)]
    new = [row for row in landing if row.external_id not in known]
    result = FileImport(
        len(new),
        len(changes),
        len(landing) - len(new) - len(changes),
        tuple(sorted(findings, key=lambda f: f.line)),
        landed=keep_good or not rejected,
    )
    if result.landed:
        await _land(session, shard, new, [(row, known[row.external_id]) for row in changes], order)
    return result


def _name_column(content: bytes) -> tuple[str, ...]:
    first = content.splitlines()[0] if content else b""
    return ("name_zh",) if b"name_zh" in first else ("name",)


def judge(rows: Sequence[FileRow], register: Register, tenant: Tenant) -> tuple[list[AgencyRow], list[RowFinding]]:
    """The rows that can be used, and what is wrong with the others. Of two rows with one id the later is rejected."""
    good: list[AgencyRow] = []
    findings: list[RowFinding] = []
    seen: set[str] = set()
    for row in rows:
        external_id = row.cells["agency_id"]
        faults = _faults(row, register, tenant)
        if external_id in seen:
            faults.append(row.finding("agency_id", "stands in the file already", "该编号在文件中重复"))
        seen.add(external_id)
        findings += faults
        if not any(fault.severity is Severity.REJECTED for fault in faults):
            good.append(AgencyRow(row, _values(row)))
    return good, findings


def _faults(row: FileRow, register: Register, tenant: Tenant) -> list[RowFinding]:
    name, name_column = _name(row)
    faults = [
        row.finding(column, "must not be empty or too long", "不能为空，也不能过长")
        for column, text, longest in (
            ("agency_id", row.cells["agency_id"], _LONGEST_ID),
            (name_column, name, _LONGEST_NAME),
        )
        if not 0 < len(text) <= longest
    ]
    if _level(row) is None:
        faults.append(row.finding("level", f"must be one of {_codes(AgencyLevel)}", "机关层级不在允许范围内"))
    if row.cells["category"] and _member(AgencyCategory, row.cells["category"]) is None:
        faults.append(
            row.finding("category", "unknown, taken as OTHER", "机关类别未知，按“其他”导入", Severity.WARNING)
        )
    place = _place_fault(row, register, tenant)
    return [*faults, place] if place else faults


def _place_fault(row: FileRow, register: Register, tenant: Tenant) -> RowFinding | None:
    try:
        code = parse_tenant_code(row.cells["tenant_code"]).value
    except TenantCodeMalformed as error:
        return row.finding("tenant_code", error.message, error.message_zh)
    if not tenant.low <= code < tenant.high:
        return row.finding("tenant_code", f"lies outside {tenant.name_zh}", f"不在{tenant.name_zh}范围内")
    found = register.tenants.get(code)
    if found is None:
        return row.finding("tenant_code", "there is no such tenant", "地区不存在")
    if found.current:
        return None
    successor = current_successor(register.tenants, code)
    hint = f"; use {successor.code} {successor.name_zh}" if successor else ""
    hint_zh = f"，请使用{successor.code}{successor.name_zh}" if successor else ""
    return row.finding("tenant_code", f"the tenant has been closed{hint}", f"该地区已撤销{hint_zh}")


def _name(row: FileRow) -> tuple[str, str]:
    column = "name_zh" if "name_zh" in row.cells else "name"
    return row.cells.get(column, ""), column


def _values(row: FileRow) -> dict[str, Any]:
    level = _level(row)
    category = _member(AgencyCategory, row.cells["category"]) or AgencyCategory.OTHER
    name = _name(row)[0]
    return {
        "code": parse_tenant_code(row.cells["tenant_code"]).value,
        "external_id": row.cells["agency_id"],
        "name_zh": name,
        "short_name": row.cells.get("short_name") or None,
        "sort_key": pinyin_key(name),
        "level": level.value if level else "",
        "category": category.value,
    }


def _level(row: FileRow) -> Labelled | None:
    written = row.cells["level"]
    return _member(AgencyLevel, SYNONYMS["level"].get(written, written))


def _member(labels: type[Labelled], text: str) -> Labelled | None:
    """The member of that code, in any case, or of that Chinese name."""
    return next((member for member in labels if text.upper() == member.value or text == member.zh), None)


def _codes(labels: type[Labelled]) -> str:
    return ", ".join(member.value.lower() for member in labels)


def _differences(row: AgencyRow, known: Row[Any]) -> dict[str, Any]:
    """What the file says otherwise; a column that it lacks says nothing."""
    stated = [name for name in COMPARED if name != "short_name" or "short_name" in row.row.cells]
    return {name: row.values[name] for name in stated if row.values[name] != getattr(known, name)}


def _findings_of_known(
    good: Sequence[AgencyRow],
    known: Mapping[str, Row[Any]],
    differing: Mapping[str, Mapping[str, Any]],
    tenant: Tenant,
    *,
    update: bool,
) -> list[RowFinding]:
    findings = []
    for row in good:
        agency = known.get(row.external_id)
        if agency is None:
            continue
        if not tenant.low <= agency.code < tenant.high:
            message = f"is the id of an agency outside {tenant.name_zh}"
            findings.append(row.row.finding("agency_id", message, f"该编号属于{tenant.name_zh}以外的机关"))
        elif agency.code != row.values["code"]:
            message = f"the agency stands in {agency.code}; it moves with its tenant alone"
            findings.append(row.row.finding("tenant_code", message, f"该机关属于{agency.code}，只随地区变更"))
        elif differing[row.external_id] and not update:
            names = ", ".join(sorted(differing[row.external_id]))
            findings.append(
                row.row.finding(
                    "agency_id",
                    f"kept as it is; the file differs in {names}",
                    f"机关已登记，保留现有信息（文件中不同：{names}）",
                    Severity.WARNING,
                )
            )
    return findings


async def _land(
    session: SystemSession,
    shard: int,
    new: Sequence[AgencyRow],
    changes: Sequence[tuple[AgencyRow, Row[Any]]],
    order: Order,
) -> None:
    ids = await records.add_agencies(session, [{"shard": shard, **row.values} for row in new])
    entries = [_entry(shard, ids[row.external_id], row, None, row.values, order) for row in new]
    corrections = []
    for row, agency in changes:
        after = _differences(row, agency)
        if "name_zh" in after:
            after["sort_key"] = row.values["sort_key"]
        corrections.append({"shard": shard, "id": agency.id, **after})
        before = {name: getattr(agency, name) for name in after}
        entries.append(_entry(shard, agency.id, row, before, after, order))
    await records.change_agencies(session, corrections)
    await records.add_audit_entries(session, entries)


def _entry(
    shard: int,
    agency_id: Any,
    row: AgencyRow,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    order: Order,
) -> dict[str, Any]:
    return {
        "shard": shard,
        "code": row.values["code"],
        "agency_id": agency_id,
        "at": order.now,
        "act": "agencyImport",
        "actor": order.by,
        "subject_type": "Agency",
        "subject_id": agency_id,
        "before": None if before is None else dict(before),
        "after": dict(after),
        "reason": order.reason,
    }
