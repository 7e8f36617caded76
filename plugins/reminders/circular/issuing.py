"""Drawing up and publishing, as acts and the scheduled job both do it: in one transaction of the city's own scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import ActContext, Subject, add_row, changed, enabled_ranges, settings_of
from plugins.reminders.circular import records
from plugins.reminders.circular.events import CircularPublished
from plugins.reminders.circular.publication import Month, number_text, publication_day
from plugins.reminders.circular.tables import Circular
from plugins.reminders.circular.vocabulary import CircularState
from plugins.reminders.settings import CircularSettings, RemindersSettings


async def circular_settings(context: ActContext) -> CircularSettings:
    """What the city has set."""
    settings = await settings_of(context.session, RemindersSettings, context.session.scope.code, context.today)
    return settings.circular


async def draw_up(context: ActContext, month: Month) -> UUID:
    """A draft of a month as it is known now; an older draft is superseded, its figures stay where they are."""
    session, settings, city = (
        context.session,
        await circular_settings(context),
        await records.city_name(context.session),
    )
    await records.supersede(session, month)
    values = {
        "code": session.scope.code,
        "month": month.first,
        "state": CircularState.DRAFT.value,
        "as_of": month.last,
        "known_at": context.now,
        "due_to_publish_on": publication_day(month, settings.day, context.calendar),
        "city": city,
        "issuer": settings.issuer or f"{city}司法局",
        "recipients": settings.recipients,
        "demands": settings.demands,
        "drafted_at": context.now,
        "drafted_by": context.actor.display_name,
    }
    circular_id = await add_row(session, Circular, values)
    enabled = await enabled_ranges(session, RemindersSettings.plugin)
    snapshot = await records.take_snapshot(session, circular_id, month, context.now, enabled)
    counted = {"lines": snapshot.lines, "misses": snapshot.misses, "corrections": snapshot.corrections}
    await context.record("circularDraft", subject_of(context, circular_id), after={"month": month.first, **counted})
    return circular_id


async def publish(context: ActContext, draft: Row[Any]) -> UUID:
    """Publish a draft as it was drawn up: number it and freeze it. Emits CircularPublished.

    It bears today's day, and the next number of this year's series; a number once given is never given again.
    """
    settings, city = await circular_settings(context), draft.city
    series, year = settings.series or f"{city}应诉通报", context.today.year
    serial = await records.next_serial(context.session, series, year)
    number = number_text(series, year, serial)
    values = {
        "state": CircularState.PUBLISHED.value,
        "published_at": context.now,
        "published_on": context.today,
        "published_by": context.actor.display_name,
        **records.published_values(series, year, serial, number),
    }
    before, after = await changed(context, Circular, draft, values)
    subject = subject_of(context, draft.id)
    await context.record("circularPublish", subject, before=before, after=after)
    await context.emit(CircularPublished(subject, draft.month, number))
    circular_id: UUID = draft.id
    return circular_id


def subject_of(context: ActContext, circular_id: UUID) -> Subject:
    """The issue, as a row of the city."""
    return Subject("Circular", circular_id, context.session.scope.code)
