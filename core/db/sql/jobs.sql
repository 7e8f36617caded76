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
