"""From a secret to a calendar: whose it is, whether they are still a member, and what they may see today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.clock import Clock
from core.db.session import Database, ReadSession
from core.extension.guard import is_enabled
from core.feeds.acts import digest_of
from core.feeds.entries import MOST, FeedEntry, FeedSource, Window
from core.feeds.sources import core_entries
from core.identity.permissions import PermissionRegistry, permissions_of
from core.identity.tokens import Identity
from core.identity.viewer import Membership, memberships_of

_FEED = "select shard, member_id, issuer, subject from calendar_feed_of($1::text)"


@dataclass(frozen=True, slots=True)
class Feeds:
    """Reads calendars under their members' own scopes."""

    database: Database
    clock: Clock
    permissions: PermissionRegistry
    sources: Sequence[FeedSource] = ()
    requires: Mapping[str, Sequence[str]] = field(default_factory=dict)

    async def calendar(self, token: str) -> bytes | None:
        """The calendar behind a secret; None where it is nobody's, was revoked, or its member has left."""
        membership = await self._membership(token)
        if membership is None:
            return None
        today = self.clock.today()
        held, window = permissions_of(membership.role, self.permissions), Window.around(today)
        async with self.database.read(membership.scope(today)) as session:
            entries = list(await core_entries(session, window, held))
            for source in self.sources:
                if source.permission in held:
                    found = list(await source.entries(session, window))[:MOST]
                    entries += [one for one in found if await self._enabled(session, membership.shard, source, one)]
        from core.feeds.writing import calendar_text  # noqa: PLC0415 - a library of 5 MB, of which most processes have no use

        return calendar_text(entries, f"应诉日程（{membership.display_name}）")

    async def _membership(self, token: str) -> Membership | None:
        async with self.database.queries.lease() as lease:
            found = await lease.ask(_FEED, digest_of(token))
            if not found:
                return None
            feed = found[0]
            identity = Identity(feed["subject"], feed["issuer"], self.clock.now())
            memberships, _ = await memberships_of(lease, identity, self.clock.today())
        return next((one for one in memberships if (one.shard, one.id) == (feed["shard"], feed["member_id"])), None)

    async def _enabled(self, session: ReadSession, shard: int, source: FeedSource, entry: FeedEntry) -> bool:
        plugin = source.name.partition(".")[0]
        return await is_enabled(session, shard, plugin, entry.code, self.requires)
