"""The database roles. Whoever logs in, every transaction of ours runs as one of them, and none of them bypasses policies."""

from __future__ import annotations

OWNER = "yingsu_owner"
"""Owns the tables; used by migrations only."""
APPLICATION = "yingsu_app"
"""Requests: sees what the scope of the transaction allows."""
SYSTEM = "yingsu_system"
"""Imports, recomputations, administration by command line: named policies let it see all rows; it still owns nothing."""
DEFINER = "yingsu_definer"
"""Owns the few SECURITY DEFINER functions; nobody logs in as it."""

ROLES = (OWNER, APPLICATION, SYSTEM, DEFINER)

CREATE_ROLES = """
do $$
declare wanted text;
begin
  foreach wanted in array array['yingsu_owner', 'yingsu_app', 'yingsu_system', 'yingsu_definer'] loop
    if not exists (select 1 from pg_roles where rolname = wanted) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', wanted);
    end if;
    -- Whoever makes a role may administer it, and since PostgreSQL 16 must still give themselves the right to become it.
    begin
      execute format('grant %I to current_user', wanted);
    exception when insufficient_privilege then
      null;  -- then an administrator has granted it, or `set role` will say that nobody has
    end;
  end loop;
end $$
"""
