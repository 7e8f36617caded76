"""How an act refuses: shared checks raise `Refused` with a code common to all acts, `refusing` turns it into the act's own.

It also turns a broken constraint of the database into a refusal, so that no write ends in an internal error for what its
author can mend.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from core.acting import ActContext
from core.cases.refusals.common import Common
from core.db.violations import Violation, ViolationKind, violation_of
from core.errors import ActRefused
from core.labels import Labelled
from schema.names import camel

Path = tuple[str, ...]
Given = TypeVar("Given")
Result = TypeVar("Result")
Perform = Callable[[ActContext, Given], Awaitable[Result]]

_CODES = {
    ViolationKind.EXISTS: Common.CONFLICT,
    ViolationKind.MISSING: Common.NOT_FOUND,
    ViolationKind.INVALID: Common.INVALID_INPUT,
    ViolationKind.FORBIDDEN: Common.FORBIDDEN,
    ViolationKind.BUSY: Common.CONFLICT,
}


class Refused(Exception):
    """A refusal by a check that does not know for which act it checks."""

    def __init__(
        self,
        code: Common,
        path: Path = (),
        message: str | None = None,
        message_zh: str | None = None,
        *,
        current: UUID | None = None,
    ) -> None:
        super().__init__(message or code.en)
        self.code = code
        self.path = path
        self.message = message or code.en
        self.message_zh = message_zh or code.zh
        self.current = current


def overtaken(row_id: UUID | None) -> Refused:
    """The refusal of a change to a row that somebody else has changed since it was read: CONFLICT, with the row as it is now."""
    return Refused(Common.CONFLICT, at("expected_version"), current=row_id)


def at(*steps: str | int) -> Path:
    """The path of an input field: `at("plaintiffs", 0, "name")` is ("input", "plaintiffs", "0", "name")."""
    return ("input", *(camel(step) if isinstance(step, str) else str(step) for step in steps))


def refuse(code: Labelled, path: Path = (), message: str | None = None, message_zh: str | None = None) -> ActRefused:
    """The refusal with an act's own code; its label is the message unless another says more."""
    return ActRefused(code, message or code.en, message_zh or code.zh, path)


def refusing(refusals: type[Labelled]) -> Callable[[Perform[Given, Result]], Perform[Given, Result]]:
    """Make an act refuse in its own codes. TypeError, at import, for an enum that lacks a common one."""
    lacking = [code.name for code in Common if code.name not in refusals.__members__]
    if lacking:
        raise TypeError(f"{refusals.__name__} lacks {lacking}")

    def decorate(perform: Perform[Given, Result]) -> Perform[Given, Result]:
        @wraps(perform)
        async def performed(context: ActContext, given: Given) -> Result:
            try:
                return await perform(context, given)
            except Refused as refused:
                code = refusals[refused.code.name]
                raise ActRefused(
                    code, refused.message, refused.message_zh, refused.path, current=refused.current
                ) from None
            except DBAPIError as error:
                violation = violation_of(error)
                if violation is None:
                    raise
                raise _of_violation(refusals, violation, given) from error

        return performed

    return decorate


def _of_violation(refusals: type[Labelled], violation: Violation, given: Any) -> ActRefused:
    path = at(violation.field) if violation.field and hasattr(given, violation.field) else ()
    return ActRefused(refusals[_CODES[violation.kind].name], violation.message, violation.message_zh, path)
