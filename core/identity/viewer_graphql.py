"""`viewer` and `enumLabels`: what a front end asks first."""

from __future__ import annotations

from typing import Any

import strawberry

from core.identity.roles import Role
from core.identity.viewer import Membership, Viewer
from core.labels import Labelled
from schema.declared.fields import ComputedField
from schema.declared.types import Contribution
from schema.describe import Doc
from schema.labels import described_enum
from schema.scalars import Date

RoleEnum = described_enum(Role)


@strawberry.type(name="Membership", description="任职（membership）：在一个租户中的角色。")
class MembershipType:
    """One place of the viewer."""

    id: strawberry.ID = strawberry.field(description="标识（id）：放入 `Yingsu-Membership` 请求头以选择任职。")
    role: RoleEnum = strawberry.field(description="角色（role）。")  # type: ignore[valid-type]
    role_zh: str = strawberry.field(description="角色名称（role in Chinese）。")
    tenant_code: int = strawberry.field(description="租户代码（tenant code）。")
    agency_id: strawberry.ID | None = strawberry.field(description="所属机关（agency）。")
    court_code: str | None = strawberry.field(description="所属法院（court）。")
    display_name: str = strawberry.field(description="姓名（display name）。")


@strawberry.type(name="Viewer", description="当前用户（viewer）。")
class ViewerType:
    """Who asks."""

    subject: str = strawberry.field(description="身份标识（subject），由身份提供方给出。")
    membership: MembershipType = strawberry.field(description="当前任职（membership in use）。")
    memberships: list[MembershipType] = strawberry.field(description="全部任职（all memberships）。")
    permissions: list[str] = strawberry.field(description="拥有的权限（permissions）：界面据此隐藏会被拒绝的操作。")
    plugins: list[str] = strawberry.field(description="本范围内启用的插件（plugins enabled in this range）。")
    today: Date = strawberry.field(description="今天（today），上海时区。")


@strawberry.type(name="EnumLabel", description="枚举值的名称（label of an enum value）。")
class EnumLabel:
    """How an enum's value is called."""

    value: str = strawberry.field(description="枚举值（value）。")
    zh: str = strawberry.field(description="中文名称（Chinese）。")
    en: str = strawberry.field(description="英文名称（English）。")


def _membership(membership: Membership, context: Any) -> MembershipType:
    agency = membership.agency_id
    return MembershipType(
        id=strawberry.ID(context.ids.encode("Member", membership.shard, membership.id)),
        role=membership.role,
        role_zh=membership.role.zh,
        tenant_code=membership.code,
        agency_id=strawberry.ID(context.ids.encode("Agency", membership.shard, agency)) if agency else None,
        court_code=membership.court_code,
        display_name=membership.display_name,
    )


async def resolve_viewer(context: Any) -> ViewerType:
    """The viewer of the operation."""
    viewer: Viewer = context.viewer
    return ViewerType(
        subject=viewer.identity.subject,
        membership=_membership(viewer.membership, context),
        memberships=[_membership(membership, context) for membership in viewer.memberships],
        permissions=sorted(viewer.permissions),
        plugins=sorted(context.extras["plugins"]),
        today=Date(viewer.scope.today),
    )


async def resolve_enum_labels(context: Any, name: str) -> list[EnumLabel] | None:
    """The labels of one enum of the schema; None for a name that is none."""
    enum: type[Labelled] | None = context.extras["enums"].get(name)
    if enum is None:
        return None
    return [EnumLabel(value=member.value, zh=member.zh, en=member.en) for member in enum]


CONTRIBUTION = Contribution(
    "core",
    queries={
        "viewer": ComputedField(Doc("当前用户", "viewer"), ViewerType, resolve_viewer),
        "enum_labels": ComputedField(
            Doc("枚举的中英文名称", "labels of an enum", "没有此枚举时为空"),
            list[EnumLabel],
            resolve_enum_labels,
            {"name": (str, Doc("枚举名", "name of the enum", "如 CaseStatus"))},
        ),
    },
)
