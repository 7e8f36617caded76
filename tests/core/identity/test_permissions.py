import pytest

from core.identity import permissions
from core.identity.permissions import CORE_PERMISSIONS, Permission, PermissionClash, PermissionRegistry, permissions_of
from core.identity.roles import Role

REGISTRY = PermissionRegistry.of({"core": CORE_PERMISSIONS})

EVERYONE = "agencies.read calendar.read tenants.read notifications.read"
FACTS = "cases.read documents.read file.download hearings.read judgments.read obligations.read parties.read suggestions.read"
INTERNAL = "internal_notes.read periods.read"
READS_ALL = f"{EVERYONE} {FACTS} {INTERNAL} appearances.read"
WORKS = (
    "case.close case.correct case.link case.reopen document.register file.upload head_notice.register hearing.cancel hearing.hold hearing.reschedule "
    "hearing.schedule holding.record internal_notes.write judgment.record judgment.serve judgment.set_effective "
    "obligation.fulfil obligation.record obligation.void party.correct period.change "
    "party.add sensitive.reveal suggestion.record suggestion.reply"
)
OPENS = "case.assign case.register response.attach"

# What each role holds, whole: a permission too many fails as one too few does.
EXPECTED = {
    Role.CITY_BUREAU: "notification_deliveries.read notification_endpoints.read notification_delivery.retry notification_endpoints.administer "
    f"{READS_ALL} {WORKS} {OPENS} statistics.read appearance.record cases.import members.read settings.read "
    "agency.administer settings.administer calendar.import plugin.enable",
    Role.CITY_LEADER: f"{READS_ALL} statistics.read",
    Role.DISTRICT_BUREAU: "notification_deliveries.read notification_endpoints.read notification_delivery.retry notification_endpoints.administer "
    f"{READS_ALL} statistics.read appearance.record file.upload members.read member.administer plugin.enable",
    Role.AGENCY_LEGAL: f"{READS_ALL} {WORKS} {OPENS} statistics.read appearance.record members.read member.administer",
    Role.AGENCY: f"{READS_ALL} {WORKS} {OPENS} statistics.read appearance.record",
    Role.AGENCY_HEAD: f"{READS_ALL} statistics.read file.upload",
    Role.HANDLER: f"{READS_ALL} {WORKS}",
    Role.TOWN: f"{READS_ALL} {WORKS} {OPENS} statistics.read appearance.record cases.import plugin.enable",
    Role.COURT_LIAISON: f"{EVERYONE} {FACTS} appearances.read appearance.record head_notice.register file.upload",
    Role.MEDIATOR: f"{EVERYONE} {FACTS} file.upload",
    Role.CENTRE_STAFF: f"{EVERYONE} {FACTS} file.upload",
    Role.EXECUTIVE_SECRETARY: f"{EVERYONE} statistics.read",
    Role.AUDITOR: "notification_deliveries.read notification_endpoints.read "
    f"{READS_ALL} statistics.read audit.read members.read settings.read",
    Role.PLATFORM_ADMIN: "notification_deliveries.read notification_endpoints.read notification_delivery.retry "
    f"{EVERYONE} members.read member.administer agency.administer tenant.administer dead_letters.read dead_letter.settle settings.read "
    "settings.administer calendar.import plugin.enable",
}


@pytest.mark.parametrize("role", Role)
def test_what_each_role_holds(role: Role) -> None:
    assert permissions_of(role, REGISTRY) == frozenset(EXPECTED[role].split())


def test_every_permission_is_somebodys() -> None:
    assert all(permission.roles for permission in REGISTRY)


def test_the_core_declares_each_constant_once() -> None:
    constants = {value.name for value in vars(permissions).values() if isinstance(value, Permission)}
    assert constants == {permission.name for permission in CORE_PERMISSIONS} == set(REGISTRY.by_name)
    assert len({permission.zh for permission in CORE_PERMISSIONS}) == len(CORE_PERMISSIONS)


def test_a_readers_role_acts_on_nothing() -> None:
    for role in (Role.AUDITOR, Role.CITY_LEADER, Role.EXECUTIVE_SECRETARY):
        assert {name.rsplit(".", 1)[1] for name in permissions_of(role, REGISTRY)} <= {"read", "download"}


def test_a_plugin_adds_its_own() -> None:
    send = Permission("reminder.send", "发送提醒", "send a reminder", frozenset({Role.CITY_BUREAU}))
    registry = PermissionRegistry.of({"core": CORE_PERMISSIONS, "reminders": (send,)})
    assert "reminder.send" in registry
    assert permissions_of(Role.CITY_BUREAU, registry) - permissions_of(Role.CITY_BUREAU, REGISTRY) == {"reminder.send"}
    assert permissions_of(Role.TOWN, registry) == permissions_of(Role.TOWN, REGISTRY)


def test_a_clash_names_both_owners() -> None:
    mine = Permission("hearing.schedule", "安排", "schedule", frozenset(Role))
    with pytest.raises(PermissionClash, match=r"hearing\.schedule.*core.*zeal"):
        PermissionRegistry.of({"zeal": (mine,), "core": CORE_PERMISSIONS})


@pytest.mark.parametrize(
    "name", ["", "hearing", "Hearing.schedule", "hearing.", ".schedule", "hearing schedule", "a.b\n"]
)
def test_a_name_has_one_form(name: str) -> None:
    with pytest.raises(ValueError):
        Permission(name, "名", "name", frozenset())


@pytest.mark.parametrize(("zh", "en"), [("", "name"), ("名", " ")])
def test_labels_are_needed(zh: str, en: str) -> None:
    with pytest.raises(ValueError):
        Permission("a.b", zh, en, frozenset())
