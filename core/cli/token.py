"""`yingsu token`: a bearer token of the development issuer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import click

from core.cli.arguments import TENANT_CODE
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.identity.development_issuer import DevelopmentIssuer
from core.identity.roles import Role
from core.installation.development_member import Wish, ensure_member


@click.command()
@click.option("--tenant", "code", type=TENANT_CODE, required=True, help="The tenant, e.g. 440112.")
@click.option("--role", required=True, type=click.Choice([role.token_name for role in Role]), help="The role there.")
@click.option("--agency", help="The agency, by its id in the import or its own; for the roles of an agency.")
@click.option("--court", help="The court's code, e.g. 粤7101; for court_liaison.")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How long the token lives.")
def token(code: int, role: str, agency: str | None, court: str | None, days: int) -> None:
    """Print a token of the development issuer in YINGSU_DATA for a role in a tenant; its member is made if there is none.

    Servers accept it only while YINGSU_OIDC_ISSUER is not set.
    """
    settings, clock = Settings(), SystemClock()
    wish = Wish(code, Role.from_token_name(role), agency, court)

    async def run() -> str:
        async with open_installation(settings) as installation, installation.database.system() as session:
            return await ensure_member(session, wish, clock.today(), clock.now())

    subject = asyncio.run(run())
    issuer = DevelopmentIssuer.open(settings.data / "dev")
    click.echo(issuer.issue(subject, timedelta(days=days), clock.now()))
