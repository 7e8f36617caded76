"""Import runs in the schema."""

from __future__ import annotations

from core.identity.permissions import CASES_IMPORT
from core.imports.tables import ImportRun as ImportRunTable
from core.tenancy.tables import Tenant
from schema.declare import column, connection, node, to_one
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc


@node(ImportRunTable, Doc("导入批次", "import run", "未带来新数据的导入不留批次"))
class ImportRun:
    """One import that brought new rows."""

    source = column(ImportRunTable.source, Doc("来源", "source", "文件中各编号的出处"))
    started_at = column(ImportRunTable.started_at, Doc("开始时间", "started at"))
    finished_at = column(ImportRunTable.finished_at, Doc("结束时间", "finished at"))
    counts = column(ImportRunTable.counts, Doc("计数", "counts", "按文件：读取、导入、新增、规范化、提示、未导入"))
    tenant = to_one("Tenant", Doc("导入单位", "tenant"), via=ImportRunTable.code, key=Tenant.code)


IMPORT_RUNS = ListSource(
    "ImportRun",
    "ImportRun",
    ImportRunTable,
    # Ids rise with time, and the indexes go by them.
    orders=(Order("STARTED_DESC", ImportRunTable.id, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(
        Filter("source", ImportRunTable.source, Doc("来源", "source")),
        Filter("started_at", ImportRunTable.started_at, Doc("开始时间", "started at")),
    ),
)
CONTRIBUTION = Contribution(
    "core",
    nodes=(ImportRun,),
    queries={"import_runs": connection(IMPORT_RUNS, Doc("导入批次列表", "import runs"), permission=CASES_IMPORT.name)},
)
