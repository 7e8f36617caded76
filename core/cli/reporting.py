"""What commands print of an import."""

from __future__ import annotations

import click

from core.cli.failures import REFUSED
from core.tenancy.acts.row_file import FileImport, Severity


def print_import(result: FileImport, what: str) -> int:
    """Print each finding, then the counts; answers the exit code."""
    for finding in result.findings:
        click.echo(f"{finding.severity.en}: {finding}", err=True)
    if not result.landed:
        click.echo(f"nothing was imported: {result.rejected} rows rejected（未导入任何数据）", err=True)
        return REFUSED
    warnings = sum(finding.severity is Severity.WARNING for finding in result.findings)
    click.echo(
        f"{result.added} {what} added, {result.changed} changed, {result.unchanged} unchanged,"
        f" {result.rejected} rejected, {warnings} warnings"
    )
    return REFUSED if result.rejected else 0
