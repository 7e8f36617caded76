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
