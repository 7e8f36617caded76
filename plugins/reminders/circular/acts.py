"""行为 on circulars: the city bureau draws one up and publishes it; whoever reads it downloads its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from core.sdk.acts import ActContext, Subject, at, found, locked, refuse, refusing, require_enabled
from core.sdk.documents import Files, download_link
from core.sdk.graphql import Act, Doc, Ref
from core.sdk.jobs import enqueue
from core.sdk.rules import Labelled
from plugins.reminders.circular import issuing, records
from plugins.reminders.circular.jobs import MAKE_FILES, CircularFiles
from plugins.reminders.circular.permissions import CIRCULAR_DRAFT, CIRCULAR_PUBLISH, CIRCULARS_READ
from plugins.reminders.circular.publication import Month
from plugins.reminders.circular.refusals import (
    CircularDownloadRefusal,
    CircularDraftRefusal,
    CircularPublishRefusal,
)
from plugins.reminders.circular.tables import Circular
from plugins.reminders.circular.vocabulary import CircularFormat, CircularState


@dataclass(frozen=True, slots=True)
class CircularDraft:
    """起草每月通报."""

    month: Annotated[date, Doc("月份", "month", "该月任何一日；须已结束，且为上一期之后的一个月")]


@refusing(CircularDraftRefusal)
async def draft_circular(context: ActContext, given: CircularDraft) -> UUID:
    """Draw up the circular of a month as things are known now. A draft that was there is superseded."""
    await _require_city(context, CircularDraftRefusal.NOT_CITY)
    month = Month.of(given.month)
    if context.now < month.over_at:
        raise refuse(CircularDraftRefusal.MONTH_NOT_OVER, at("month"))
    newest = await records.newest_published(context.session)
    if newest is not None and month != newest.next:
        raise refuse(
            CircularDraftRefusal.NOT_NEXT_MONTH,
            at("month"),
            f"The last issue is about {newest.first:%Y-%m}; the next one is about {newest.next.first:%Y-%m}",
            f"上一期为{newest.zh}，应起草{newest.next.zh}的通报",
        )
    return await issuing.draw_up(context, month)


@dataclass(frozen=True, slots=True)
class CircularPublish:
    """发布每月通报."""

    circular_id: Annotated[UUID, Ref("Circular"), Doc("通报", "circular", "草稿")]
    expected_version: Annotated[int | None, Doc("版本", "expected version", "所见版本；已被修改则拒绝")] = None


@refusing(CircularPublishRefusal)
async def publish_circular(context: ActContext, given: CircularPublish) -> UUID:
    """Publish a draft: it gets its number and is frozen for ever. Its files are made by a job. Emits CircularPublished."""
    await _require_city(context, CircularPublishRefusal.NOT_CITY)
    seen = await found(context, Circular, given.circular_id, at("circular_id"))
    if seen.state != CircularState.DRAFT.value:
        raise refuse(CircularPublishRefusal.NOT_A_DRAFT, at("circular_id"))
    draft = await locked(context, Circular, given.circular_id, at("circular_id"), given.expected_version)
    circular_id = await issuing.publish(context, draft)
    await enqueue(context, MAKE_FILES, CircularFiles(str(circular_id)), key=str(circular_id))
    return circular_id


@dataclass(frozen=True, slots=True)
class CircularDownload:
    """下载每月通报."""

    circular_id: Annotated[UUID, Ref("Circular"), Doc("通报", "circular")]
    format: Annotated[CircularFormat, Doc("格式", "format")] = CircularFormat.DOCX


@dataclass(frozen=True, slots=True)
class CircularFileGiven:
    """What the answer to `circularDownload` shows beside the circular."""

    id: Annotated[UUID, Doc("通报", "circular")]
    file_name: Annotated[str, Doc("文件名", "file name")]
    download_url: Annotated[str, Doc("下载地址", "download url", "以 GET 下载，无须令牌")]
    expires_at: Annotated[datetime, Doc("地址失效时间", "expires at")]


@refusing(CircularDownloadRefusal)
async def download_circular(context: ActContext, given: CircularDownload) -> CircularFileGiven:
    """Give out an address of a published circular's file, and record who asked for it."""
    scope = context.session.scope
    await require_enabled(context, scope.code)
    circular = await found(context, Circular, given.circular_id, at("circular_id"))
    if circular.state != CircularState.PUBLISHED.value:
        raise refuse(CircularDownloadRefusal.NOT_PUBLISHED, at("circular_id"))
    file = await records.file_of(context.session, circular.id, given.format.value)
    if file is None:
        raise refuse(CircularDownloadRefusal.NOT_MADE_YET, at("format"))
    link = await download_link(context.resource(Files), file, circular.published_at, context.now)
    # The circular is the city's; who reads it is told under their own tenant and agency, where they may write into the trail.
    subject = Subject("Circular", circular.id, scope.code, scope.agency_id)
    await context.record("circularDownload", subject, after={"name": file.name})
    return CircularFileGiven(circular.id, file.name, link.url, link.expires_at)


async def _require_city(context: ActContext, refusal: Labelled) -> None:
    """The monthly circular is about a whole city: its root tenant's people issue it."""
    scope = context.session.scope
    await require_enabled(context, scope.code)
    if scope.level.value != "city":
        raise refuse(refusal)


def _act(
    name: str, given: type[Any], perform: Any, refusals: type[Labelled], permission: str, doc: Doc, **more: Any
) -> Act:
    return Act(
        name=name,
        given=given,
        perform=perform,
        returns="Circular",
        refusals=refusals,
        permission=permission,
        doc=doc,
        **more,
    )


ACTS = (
    _act(
        "circularDraft",
        CircularDraft,
        draft_circular,
        CircularDraftRefusal,
        CIRCULAR_DRAFT.name,
        Doc("起草每月通报", "draw up a monthly circular", "按当前所知取数；重新起草则取代原草稿"),
        cost=200,
    ),
    _act(
        "circularPublish",
        CircularPublish,
        publish_circular,
        CircularPublishRefusal,
        CIRCULAR_PUBLISH.name,
        Doc("发布每月通报", "publish a monthly circular", "编号并冻结，文件由后台生成"),
    ),
    _act(
        "circularDownload",
        CircularDownload,
        download_circular,
        CircularDownloadRefusal,
        CIRCULARS_READ.name,
        Doc("下载每月通报", "download a monthly circular", "返回限时的下载地址，并记入审计日志"),
        reveals=CircularFileGiven,
    ),
)
