"""Recognition (身份核验): a caller who was recognised a moment ago is taken for the same, and PostgreSQL confirms it as it begins to read.

Nothing is answered on the strength of memory alone. The digest of the memberships travels with the scope, in the message that begins the
transaction; where anything has changed that transaction fails, and the caller is recognised anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.db.queries import Recogniser
from core.extension.enablement import Enabled
from core.identity.tokens import Identity
from core.identity.viewer import Viewer
from schema.bounded import BoundedCache

REMEMBERED = 4_096
CONFIRM = "select still_recognised($1::integer, $2::uuid, $3::date, $4::text, $5::text)"


@dataclass(frozen=True, slots=True)
class Claim:
    """What has to hold still for a caller to be who they were. `said` is None where no plugin is installed."""

    shard: int
    member_id: UUID
    today: date
    digest: str
    said: str | None

    @property
    def statement(self) -> str:
        """The check as part of the message that begins a transaction. Nothing in it was written by anybody but us."""
        said = "null" if self.said is None else f"'{_hexadecimal(self.said)}'"
        values = f"{self.shard}, '{self.member_id}', '{self.today.isoformat()}', '{_hexadecimal(self.digest)}', {said}"
        return f"select still_recognised({values})"

    async def confirm(self, recogniser: Recogniser) -> None:
        """Ask for itself; raises the driver's error YS401 where it no longer holds."""
        await recogniser.ask(CONFIRM, self.shard, self.member_id, self.today, self.digest, self.said)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A caller, what is enabled for them, and what that rests on."""

    viewer: Viewer
    enabled: Enabled
    claim: Claim


Key = tuple[str, str, UUID | None, date]


class Memory:
    """Who was recognised lately, bounded; one per process."""

    def __init__(self) -> None:
        self._known: BoundedCache[Key, Recognised] = BoundedCache(REMEMBERED)

    def find(self, identity: Identity, wanted: UUID | None, today: date) -> Recognised | None:
        """Who they were the last time today, under the membership that they ask for."""
        return self._known.get((identity.issuer, identity.subject, wanted, today))

    def keep(self, identity: Identity, wanted: UUID | None, recognised: Recognised) -> None:
        """Remember a caller who has just been recognised."""
        self._known.put((identity.issuer, identity.subject, wanted, recognised.claim.today), recognised)


def _hexadecimal(text: str) -> str:
    """The same text, which must be one of our digests."""
    if not text or not all(character in "0123456789abcdef" for character in text):
        raise ValueError("not a digest")
    return text
