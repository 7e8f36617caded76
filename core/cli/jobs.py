"""`yingsu jobs`: the queues and the dead letters of the whole installation, for operators."""

from __future__ import annotations

import asyncio
from uuid import UUID

import click
from sqlalchemy import Row, text

from core.cli.arguments import operator
from core.clock import process_clock
from core.config import Settings
from core.connection import open_installation
from core.db.uuid7 import uuid7
from core.errors import NotFound
from core.jobs import records

_LETTERS = text(
    "select id, code, job, key, attempts, error_class, error_message, died_at from dead_letter"
    " where status = 'DEAD' order by died_at, id"
)
_QUEUE_AGAIN = text("select queue_dead_letter(id, :message) from dead_letter where id = :id and status = 'DEAD'")
_SETTLE = text(
    "update dead_letter set status = :status, reason = :reason, settled_at = cast(:settled as timestamptz), version = version + 1"
    " where id = :id and status = 'DEAD' returning shard, id, code, job, key"
)
_RECORD = text(
    "insert into audit_entry (shard, code, at, act, actor, subject_type, subject_id, after, reason)"
    " values (:shard, :code, :at, :act, :actor, 'DeadLetter', :id, jsonb_build_object('status', cast(:status as text)), :reason)"
)


@click.group()
def jobs() -> None:
    """Look at queues and dead letters."""


@jobs.command()
def queues() -> None:
    """Print what waits, is delayed and runs, a line for each queue."""
    asyncio.run(_queues())


async def _queues() -> None:
    async with open_installation(Settings()) as installation, installation.database.system() as session:
        for name, depth in (await records.depths(session)).items():
            click.echo(
                f"{name.value:<7} {depth.waiting} waiting, {depth.delayed} delayed, {depth.running} running,"
                f" oldest {depth.oldest:.0f} s"
            )


@jobs.command()
def letters() -> None:
    """Print the dead letters that nobody has dealt with, those of system jobs too."""
    asyncio.run(_letters())


async def _letters() -> None:
    async with open_installation(Settings()) as installation, installation.database.system() as session:
        for row in await session.rows(_LETTERS):
            told = f": {row.error_message}" if row.error_message else ""
            click.echo(f"{row.id}  {row.code:09}  {row.job}  {row.key}  {row.attempts}x {row.error_class}{told}")


@jobs.command()
@click.argument("letter", type=click.UUID)
@click.option("--reason", required=True, help="Why it will succeed now; stays in the audit trail.")
def rerun(letter: UUID, reason: str) -> None:
    """Queue a dead letter again."""
    asyncio.run(_settle(letter, reason, "RERUN"))


@jobs.command()
@click.argument("letter", type=click.UUID)
@click.option("--reason", required=True, help="Why it is given up; stays in the audit trail.")
def discard(letter: UUID, reason: str) -> None:
    """Give a dead letter up."""
    asyncio.run(_settle(letter, reason, "DISCARDED"))


async def _settle(letter: UUID, reason: str, status: str) -> None:
    settings = Settings()
    now = process_clock(settings.clock).now()
    async with open_installation(settings) as installation, installation.database.system() as session:
        if status == "RERUN":
            await session.rows(_QUEUE_AGAIN, {"id": letter, "message": uuid7()})
        settled = None if status == "RERUN" else now
        given = {"id": letter, "status": status, "reason": reason, "settled": settled}
        row = await session.row(_SETTLE, given)
        if row is None:
            raise NotFound(f"there is no open dead letter {letter}", f"没有待处理的死信 {letter}")
        act = "deadLetterRerun" if status == "RERUN" else "deadLetterDiscard"
        await session.execute(_RECORD, _entry(row) | {"at": now, "act": act, "actor": operator(), **given})
    click.echo(f"{row.job} {row.key}: {status.lower()}")


def _entry(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"shard": row.shard, "code": row.code}
