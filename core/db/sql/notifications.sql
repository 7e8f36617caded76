-- Messages cross ranges by their nature: an agency reports to its bureau, a court's notice reaches an agency. Whoever acts sees
-- neither the members above nor their inboxes, so these functions find the recipients and write to them; what they answer are
-- ids and how a member wants to be told. A transaction that has a city asks for, and writes, nothing of another's; one without a
-- city must be the system's own.
create or replace function notification_shard_asked(p_shard integer) returns integer
language sql stable set search_path = public, pg_temp as $$
  select case
           when nullif(current_setting('app.shard', true), '') is not null
             then case when p_shard = current_setting('app.shard', true)::integer then p_shard end
           when current_setting('role', true) = 'yingsu_system' then p_shard
         end;
$$;

-- The members that messages go to, by the number `n` of the message; each once, those whose membership is in force on the day.
create or replace function notification_recipients(p_asked jsonb, p_day date)
returns table (n integer, shard integer, member_id uuid, code bigint, channels jsonb, digest_at time, quiet_from time,
               quiet_until time)
language sql stable security definer set search_path = public, pg_temp as $$
  with asked as materialized (
    select a.n, notification_shard_asked(a.shard) as shard, a.member, a.agency, a.code, a.roles
      from jsonb_to_recordset(p_asked) as a(n integer, shard integer, member uuid, agency uuid, code bigint, roles text[])
  ), found as (
    select a.n, m.shard, m.id, m.code
      from asked a join member m on m.shard = a.shard and m.id = a.member
     where m.valid_from <= p_day and (m.valid_until is null or m.valid_until > p_day)
    union
    select a.n, m.shard, m.id, m.code
      from asked a join member m on m.shard = a.shard and m.agency_id = a.agency and m.role = any (a.roles)
     where m.valid_from <= p_day and (m.valid_until is null or m.valid_until > p_day)
    union
    select a.n, near.shard, near.id, near.code
      from asked a
     cross join lateral (
       select m.shard, m.id, m.code, rank() over (order by t.high - t.low) as distance
         from tenant t
         join member m on m.shard = a.shard and m.code = t.code and m.role = any (a.roles)
        where t.shard = a.shard and t.low <= a.code and t.high > a.code
          and m.valid_from <= p_day and (m.valid_until is null or m.valid_until > p_day)
     ) near
     where a.code is not null and near.distance = 1
  )
  select f.n, f.shard, f.id, f.code, p.channels, p.digest_at, p.quiet_from, p.quiet_until
    from found f left join notification_preference p on p.shard = f.shard and p.member_id = f.id
   order by f.n, f.id;
$$;

-- How the tenants that hold a code word a kind on a day: the nearest wording in force; none where nobody has one.
create or replace function notification_wordings(p_asked jsonb, p_day date)
returns table (shard integer, kind text, code bigint, title text, body text)
language sql stable security definer set search_path = public, pg_temp as $$
  select a.shard, a.kind, a.code, w.title, w.body
    from jsonb_to_recordset(p_asked) as a(shard integer, kind text, code bigint)
   cross join lateral (
     select said.title, said.body
       from (select distinct on (t.code, t.high) t.code, t.high, t.title, t.body
               from notification_template t
              where t.shard = notification_shard_asked(a.shard) and t.kind = a.kind and t.code <= a.code and t.high > a.code
                and t.valid_from <= p_day
              order by t.code, t.high, t.valid_from desc, t.version desc) said
      where said.title is not null
      order by said.high - said.code
      limit 1
   ) w;
$$;

-- Writes messages with their deliveries and events: what a member has been told by a key already is left as it is.
create or replace function notification_write(p_rows jsonb)
returns table (shard integer, member_id uuid, key text, notification_id uuid, fresh boolean)
language sql volatile security definer set search_path = public, pg_temp as $$
  with asked as materialized (
    select a.id, m.shard, m.code, m.agency_id, m.id as member_id, a.key, a.kind, a.title, a.body, a.urgent, a.subject_type,
           a.subject_id, a.case_id, a.at, a.outside
      from jsonb_to_recordset(p_rows)
           as a(id uuid, shard integer, member_id uuid, key text, kind text, title text, body text, urgent boolean,
                subject_type text, subject_id uuid, case_id uuid, at timestamptz, outside jsonb)
      join member m on m.shard = notification_shard_asked(a.shard) and m.id = a.member_id
  ), written as (
    insert into notification as n (shard, id, code, agency_id, member_id, key, kind, title, body, urgent, subject_type,
                                   subject_id, case_id, created_at)
    select a.shard, a.id, a.code, a.agency_id, a.member_id, a.key, a.kind, a.title, a.body, a.urgent, a.subject_type,
           a.subject_id, a.case_id, a.at
      from asked a order by a.shard, a.member_id, a.key
    on conflict on constraint uq_notification_shard_member_id_key do nothing
    returning n.shard, n.id, n.code, n.agency_id, n.member_id, n.key, n.kind, n.urgent, n.created_at
  ), told as (
    insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
    select w.shard, w.code, w.agency_id, 'NotificationWritten', 'Notification', w.id,
           jsonb_build_object('member_id', w.member_id, 'kind', w.kind), w.created_at
      from written w
  ), delivered as (
    insert into notification_delivery (shard, code, agency_id, member_id, notification_id, kind, key, channel, target, address,
                                       urgent, digest, state, due_at, created_at, sent_at)
    select w.shard, w.code, w.agency_id, w.member_id, w.id, w.kind, w.key, 'IN_APP', '', null, w.urgent, false, 'SENT',
           w.created_at, w.created_at, w.created_at
      from written w
    union all
    select w.shard, w.code, w.agency_id, w.member_id, w.id, w.kind, w.key, o.channel, '', o.address, w.urgent, o.digest,
           'PENDING', o.due_at, w.created_at, null
      from written w
      join asked a on a.shard = w.shard and a.id = w.id
     cross join lateral jsonb_to_recordset(a.outside) as o(channel text, address text, due_at timestamptz, digest boolean)
    union all
    select w.shard, w.code, w.agency_id, w.member_id, w.id, w.kind, w.key, 'WEBHOOK', e.id::text, null, w.urgent, false,
           'PENDING', w.created_at, w.created_at, null
      from written w
      join notification_endpoint e on e.shard = w.shard and e.disabled_at is null
           and (e.kinds = '{}' or w.kind = any (e.kinds))
      join tenant t on t.code = e.code and t.low <= w.code and t.high > w.code
  )
  select w.shard, w.member_id, w.key, w.id, true from written w
  union all
  select n.shard, n.member_id, n.key, n.id, false
    from asked a join notification n on n.shard = a.shard and n.member_id = a.member_id and n.key = a.key;
$$;

-- The delivery log tells that a message was read to those who may not see the message itself.
create or replace function notification_receipt() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update notification_delivery d set read_at = new.read_at
   where d.shard = new.shard and d.notification_id = new.id and d.channel = 'IN_APP';
  return null;
end $$;
drop trigger if exists notification_receipt on notification;
create trigger notification_receipt after update of read_at on notification
  for each row when (old.read_at is distinct from new.read_at) execute function notification_receipt();
