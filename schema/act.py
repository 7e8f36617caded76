"""Acts as data: each becomes one mutation, its input type, its payload and its closed list of error codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from core.labels import Labelled
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class Act:
    """行为: one mutation.

    `given` is a frozen dataclass whose fields are `Annotated[type, Doc(...)]` (ids: `Annotated[UUID, Ref("Case"), Doc(...)]`);
    `perform(context, given)` answers the id of the node of type `returns`; it refuses by raising `core.errors.ActRefused`
    with a member of `refusals`. `result` names the payload's field for the node, by default the node's name.
    `cost` is what the act costs beside what is read back (`schema.cost`).
    `reveals` adds plain fields to the payload: a dataclass that `perform` answers instead, with an attribute `id`.
    """

    name: str
    given: type[Any]
    perform: Callable[[Any, Any], Awaitable[Any]]
    returns: str
    refusals: type[Labelled]
    permission: str
    doc: Doc
    result: str | None = None
    reveals: type[Any] | None = None
    cost: int = 20

    @property
    def result_field(self) -> str:
        """The payload's field that holds the changed node."""
        return self.result or self.returns[0].lower() + self.returns[1:]

    @property
    def type_stem(self) -> str:
        """What the names of its types begin with: `HearingSchedule`."""
        return self.name[0].upper() + self.name[1:]
