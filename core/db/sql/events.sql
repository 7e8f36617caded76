-- Whoever listens learns that there are new events, not which: the rows are read afterwards, so nothing is lost with a message.
-- One message a statement, with the shards that it concerns; PostgreSQL sends equal ones of a transaction once, at its commit.
create or replace function domain_event_told() returns trigger language plpgsql
set search_path = public, pg_temp as $$
declare shards text;
begin
  select string_agg(distinct n.shard::text, ',') into shards from changed n;
  if shards is not null then
    perform pg_notify('yingsu_events', left(shards, 4000));
  end if;
  return null;
end $$;
drop trigger if exists domain_event_told on domain_event;
create trigger domain_event_told after insert on domain_event
  referencing new table as changed for each statement execute function domain_event_told();
