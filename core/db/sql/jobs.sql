-- The application sees no message, of whatever tenant; it may only add one, for a tenant of its transaction's own city.
-- The row has the shape that dramatiq-postgres reads, and the notice wakes its consumers when the transaction is committed.
create or replace function enqueue_job(given jsonb) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  carried jsonb := given -> 'kwargs' -> 'carried';
  city integer := nullif(current_setting('app.shard', true), '')::integer;
begin
  if current_setting('role', true) <> 'yingsu_system' and not exists (
    select 1 from tenant t where t.code = (carried ->> 'tenant')::bigint and t.shard = city)
  then
    raise exception 'TENANT_NOT_FOUND' using errcode = 'insufficient_privilege';
  end if;
  insert into job_queue (message_id, queue_name, message)
  values ((given ->> 'message_id')::uuid, given ->> 'queue_name', given);
  perform pg_notify('dramatiq.' || (given ->> 'queue_name') || '.enqueue', '');
end $$;

-- A dead letter is queued again as it was written down, under its own key; the caller gives nothing but which one. Only those of
-- the transaction's own tenant can be named, and only by its administrators, as by the policy of the table.
create or replace function queue_dead_letter(letter uuid, message uuid) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  it dead_letter;
begin
  select d.* into it from dead_letter d
   where d.id = letter and d.status = 'DEAD'
     and (current_setting('role', true) = 'yingsu_system'
          or (current_setting('app.scope', true) = 'admin'
              and d.shard = nullif(current_setting('app.shard', true), '')::integer
              and d.code >= nullif(current_setting('app.lo', true), '')::bigint
              and d.code < nullif(current_setting('app.hi', true), '')::bigint));
  if not found then
    raise exception 'DEAD_LETTER_NOT_FOUND' using errcode = 'insufficient_privilege';
  end if;
  insert into job_queue (message_id, queue_name, message)
  values (message, lower(it.queue), jsonb_build_object(
    'queue_name', lower(it.queue), 'actor_name', 'job.' || lower(it.queue), 'args', '[]'::jsonb, 'options', '{}'::jsonb,
    'message_id', message, 'message_timestamp', (extract(epoch from clock_timestamp()) * 1000)::bigint,
    'kwargs', jsonb_build_object('carried', jsonb_build_object(
      'id', message, 'queue', lower(it.queue), 'job', it.job, 'payload', it.payload, 'key', it.key, 'tenant', it.tenant,
      'attempt', 1, 'slot', to_char(it.slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')))));
  perform pg_notify('dramatiq.' || lower(it.queue) || '.enqueue', '');
end $$;
