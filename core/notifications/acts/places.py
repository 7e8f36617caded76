"""The tenant that an act speaks for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from core.acting import ActContext
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at
from core.cases.refusals.common import Common
from core.extension.records import tenant_within
from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code


async def tenant_named(context: ActContext, text: str | None) -> Row[Any]:
    """The actor's own tenant, or one below it; NOT_FOUND for any other."""
    code = context.session.scope.code
    if text is not None:
        try:
            code = parse_tenant_code(text).value
        except TenantCodeMalformed as error:
            raise checks.invalid(at("tenant_code"), str(error), error.message_zh) from None
    found = await tenant_within(context.session, code, context.today)
    if found is None:
        raise Refused(Common.NOT_FOUND, at("tenant_code"))
    return found
