"""What Alembic runs: on the connection that `core.db.migrate` hands over, in its transaction."""

from __future__ import annotations

from alembic import context
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations.ops import CreateTableOp, MigrateOperation
from sqlalchemy import text

from core.db.base import Base
from core.db.roles import OWNER
from core.db.table_registry import load_tables

writer = Rewriter()


@writer.rewrites(CreateTableOp)
def leave_out_row_class(_context: object, _revision: object, operation: CreateTableOp) -> MigrateOperation:
    """The row class is declared in today's code and applied by `core.db.provision`; a revision does not repeat it."""
    operation.info.clear()
    return operation


load_tables()
connection = context.config.attributes["connection"]
connection.execute(text(f"set local role {OWNER}"))
connection.execute(text("set local lock_timeout = '5s'"))
connection.execute(text("set local statement_timeout = '15min'"))
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=False,
    process_revision_directives=writer,
)
with context.begin_transaction():
    context.run_migrations()
