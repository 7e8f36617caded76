-- The only way in which the application makes a case: find or create the shell by its number, and add the agency's response,
-- atomically (architecture §9). Runs as yingsu_definer, so it checks the caller's scope itself before it looks at anything.
-- Refusals are raised as SQLSTATE 'YS001' with the reason as message; none of them names a case that the caller cannot see.
create or replace function case_attach(
  p_agency uuid, p_court text, p_year integer, p_special text, p_type text, p_serial integer, p_text text, p_as_written text,
  p_organ_reference text, p_kind text, p_compensation text, p_form text, p_cause text, p_act_number text,
  p_filed_on date, p_received_on date, p_dispute uuid, p_now timestamptz,
  out case_id uuid, out response_id uuid, out created boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_shard integer := nullif(current_setting('app.shard', true), '')::integer;
  v_scope text := current_setting('app.scope', true);
  v_code bigint;
  v_ordinal integer;
  v_shell case_shell%rowtype;
begin
  select a.code into v_code from agency a
   where a.shard = v_shard and a.id = p_agency
     and ((v_scope = 'tenant' and a.code >= nullif(current_setting('app.lo', true), '')::bigint
                              and a.code < nullif(current_setting('app.hi', true), '')::bigint)
       or (v_scope = 'agency' and a.id = nullif(current_setting('app.agency', true), '')::uuid));
  if not found then
    raise exception 'AGENCY_NOT_FOUND' using errcode = 'YS001';
  end if;
  if p_dispute is not null and not exists (
    select 1 from case_shell c join response r on r.shard = c.shard and r.case_id = c.id
     where c.shard = v_shard and c.dispute_id = p_dispute
       and ((v_scope = 'tenant' and r.code >= nullif(current_setting('app.lo', true), '')::bigint
                                and r.code < nullif(current_setting('app.hi', true), '')::bigint)
         or (v_scope = 'agency' and r.agency_id = nullif(current_setting('app.agency', true), '')::uuid))) then
    raise exception 'DISPUTE_NOT_FOUND' using errcode = 'YS001';
  end if;
  created := false;
  if p_serial is not null then
    -- Two registrations of one number wait for each other here, not at the unique key.
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', v_shard, p_court, p_year, p_special, p_type, p_serial), 0));
    select c.* into v_shell from case_shell c
     where c.shard = v_shard and c.court_code = p_court and c.number_year = p_year and c.number_special = p_special
       and c.number_type = p_type and c.number_serial = p_serial;
  end if;
  if v_shell.id is null then
    if p_dispute is null then
      insert into dispute (shard, opened_on) values (v_shard, p_filed_on) returning id into p_dispute;
    end if;
    insert into case_shell (shard, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year,
        number_special, number_type, number_serial, number_text, number_as_written, organ_reference, challenged_act_number,
        cause_code, filed_on, status, created_at)
      values (v_shard, p_dispute, p_kind, p_compensation, p_form, p_court, p_year, coalesce(p_special, ''), p_type, p_serial,
        p_text, p_as_written, p_organ_reference, p_act_number, p_cause, p_filed_on, 'OPEN', p_now)
      returning * into v_shell;
    created := true;
  elsif exists (select 1 from response r where r.shard = v_shard and r.case_id = v_shell.id and r.agency_id = p_agency) then
    raise exception 'ALREADY_REGISTERED' using errcode = 'YS001';
  end if;
  case_id := v_shell.id;
  select coalesce(max(r.ordinal) + 1, 0) into v_ordinal from response r where r.shard = v_shard and r.case_id = v_shell.id;
  insert into response (shard, case_id, agency_id, code, origin_code, ordinal, role, received_on, registered_at,
      filed_on, closed_on, status, procedure_kind, cause_code, court_code)
    values (v_shard, v_shell.id, p_agency, v_code, v_code, v_ordinal,
      case when v_ordinal = 0 then 'RESPONDENT' else 'CO_RESPONDENT' end, p_received_on, p_now,
      v_shell.filed_on, v_shell.closed_on, v_shell.status, v_shell.procedure_kind,
      coalesce(v_shell.closing_cause_code, v_shell.cause_code), v_shell.court_code)
    returning id into response_id;
end $$;
