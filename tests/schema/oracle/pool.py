"""What generated arguments may name: the rows of all tenants, the viewer's and everybody else's."""

from __future__ import annotations

from typing import Any

from schema.catalogue import Catalogue
from schema.declared.values import column_of
from schema.ids import IdCodec
from tests.schema.oracle.arguments import Pool
from tests.schema.oracle.rows import Row
from tests.schema.oracle.written import cursor

ROWS_OF_A_TYPE = 12


def pool_of(catalogue: Catalogue, ids: IdCodec, tables: dict[str, list[Row]]) -> Pool:
    """Ids, cursors, numbers and codes of all rows."""
    found_ids = {}
    for name, node in catalogue.nodes.items():
        rows = tables.get(node.table.name, [])
        step = max(1, len(rows) // ROWS_OF_A_TYPE)
        found_ids[name] = [
            ids.encode(name, row["shard"] if node.sharded else 0, row["id"] if node.sharded else str(row[node.key]))
            for row in rows[::step]
        ]
    cursors: dict[tuple[str, str], list[str]] = {}
    for source in catalogue.sources.values():
        for order in source.orders:
            column = column_of(order.attribute).name
            cursors[source.name, order.name] = [
                cursor(order.name, row[column], row[source.tie.name]) for row in tables.get(source.table.name, [])
            ]
    numbers = [row["number_text"] for row in tables["case_shell"] if row["number_text"]]
    codes: dict[str, list[Any]] = {
        "court": [row["code"] for row in tables["court"]] + ["无"],
        "cause": [row["code"] for row in tables["cause"]] + ["无"],
        "tenant": [row["code"] for row in tables["tenant"]] + [1],
        "parentCode": [row["code"] for row in tables["cause"]],
        "name": [row["name_zh"] for row in tables["agency"]],
    }
    return Pool(found_ids, cursors, numbers, codes)
