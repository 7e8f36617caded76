-- What a city and its tenants said of plugins, and their settings, for those who cannot see these rows themselves: before a
-- request has a scope, and in scopes that are not a tenant's (a court, an assigned mediator). It is configuration, no secret;
-- still a transaction that has a shard asks for no other.
create or replace function plugin_shard_asked(p_shard integer) returns integer
language sql stable set search_path = public, pg_temp as $$
  select case when p_shard = coalesce(nullif(current_setting('app.shard', true), '')::integer, p_shard) then p_shard end;
$$;

-- Everything that was said in a shard, with a digest of it; no text when the asker knows that digest already. The digest is
-- made of the rows themselves, so no writer (an import, a re-coding, a restore) can forget to announce a change.
create or replace function plugin_said(p_shard integer, p_known text) returns table (digest text, said text)
language sql stable security definer set search_path = public, pg_temp as $$
  select found.digest, case when found.digest is distinct from p_known then found.said::text end
    from (select md5(coalesce(string_agg(
                   concat_ws(':', e.code, e.high, e.plugin, e.policy, e.choice), ',' order by e.code, e.plugin), '')) as digest,
                 coalesce(json_agg(json_build_array(e.plugin, e.code, e.high, e.policy, e.choice)), '[]'::json) as said
            from plugin_enablement e where e.shard = plugin_shard_asked(p_shard)) found;
$$;

-- What was said by the tenants that hold one tenant code: the town, its district, its city.
create or replace function plugin_said_at(p_shard integer, p_code bigint)
returns table (plugin text, code bigint, high bigint, policy text, choice text)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.plugin, e.code, e.high, e.policy, e.choice from plugin_enablement e
   where e.shard = plugin_shard_asked(p_shard) and e.code <= p_code and e.high > p_code;
$$;

-- The versions of a plugin's settings that a tenant code has, itself or from above, up to a day.
create or replace function plugin_settings_at(p_shard integer, p_plugin text, p_code bigint, p_day date)
returns table (code bigint, high bigint, version integer, valid_from date, data jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.code, s.high, s.version, s.valid_from, s.data from plugin_setting s
   where s.shard = plugin_shard_asked(p_shard) and s.plugin = p_plugin and s.code <= p_code and s.high > p_code
     and s.valid_from <= p_day;
$$;
