-- Before a request has a scope it must learn which memberships its subject holds: one question, asked by this function alone.
-- It answers for one exact subject, so nothing can be enumerated through it.
create or replace function memberships_of(p_issuer text, p_subject text, p_today date)
returns table (shard integer, member_id uuid, role text, code bigint, low bigint, high bigint, tenant_level text,
               agency_id uuid, court_code text, display_name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.shard, m.id, m.role, m.code, t.low, t.high, t.level, m.agency_id, m.court_code, m.display_name
    from member m join tenant t on t.code = m.code
   where m.issuer = p_issuer and m.subject = p_subject and m.valid_from <= p_today
     and (m.valid_until is null or m.valid_until > p_today)
     and (t.valid_to is null or t.valid_to > p_today)
   order by m.valid_from, m.id
$$;

-- What those memberships are, in few bytes: whoever was recognised by them is recognised still as long as it stays the same.
create or replace function memberships_digest(p_issuer text, p_subject text, p_today date)
returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select md5(coalesce(string_agg(f::text, E'\n'), '')) from memberships_of(p_issuer, p_subject, p_today) f
$$;

-- Fails (YS401) unless the person behind a membership still holds exactly what the digest was made of, and, where a second digest
-- is given, the same is still said of plugins in the city. It answers nothing else, so it teaches nobody anything.
create or replace function still_recognised(p_shard integer, p_member uuid, p_today date, p_digest text, p_said text)
returns void
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  perform 1 from member m
    where m.shard = p_shard and m.id = p_member
      and memberships_digest(m.issuer, m.subject, p_today) = p_digest;
  if not found then
    raise exception 'memberships have changed' using errcode = 'YS401';
  end if;
  if p_said is not null and (select s.digest from plugin_said(p_shard, p_said) s) <> p_said then
    raise exception 'what is said of plugins has changed' using errcode = 'YS401';
  end if;
end
$$;
