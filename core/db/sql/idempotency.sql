-- Answers kept for a retry are let go by those who keep new ones, a few at a time, because the application may delete nothing
-- by itself. Which rows: expired ones of the transaction's own city, and no other.
create or replace function forget_expired_answers() returns integer
language sql volatile security definer set search_path = public, pg_temp as $$
  with expired as (
    select a.shard, a.id from idempotent_answer a
     where a.shard = nullif(current_setting('app.shard', true), '')::integer and a.expires_at <= now()
     order by a.expires_at limit 20 for update skip locked),
  gone as (
    delete from idempotent_answer a using expired e where a.shard = e.shard and a.id = e.id returning 1)
  select count(*)::integer from gone;
$$;
