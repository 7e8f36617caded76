-- The file of a document for those who see the document but not the file's own row (court, mediator, handler).
-- Runs as yingsu_definer, so it checks the caller's scope itself: exactly what the policies of `document` say
-- (core/db/rls.py, RESPONSE_OPEN); tests/core/documents holds the two against each other in every scope.
create or replace function file_of_document(p_document uuid)
returns table (shard integer, id uuid, code bigint, agency_id uuid, name text, media_type text, size bigint, sha256 text,
               status text, created_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select f.shard, f.id, f.code, f.agency_id, f.name, f.media_type, f.size, f.sha256, f.status, f.created_at
    from document d
    join response r on r.shard = d.shard and r.id = d.response_id
    join stored_file f on f.shard = d.shard and f.id = d.file_id
   where d.shard = nullif(current_setting('app.shard', true), '')::integer
     and d.id = p_document
     and case current_setting('app.scope', true)
           when 'tenant' then d.code >= nullif(current_setting('app.lo', true), '')::bigint
                          and d.code < nullif(current_setting('app.hi', true), '')::bigint
           when 'agency' then d.agency_id = nullif(current_setting('app.agency', true), '')::uuid
           when 'court' then not d.internal and r.court_code = nullif(current_setting('app.court', true), '')
           when 'assigned' then
             exists (select 1 from case_grant g
                      where g.shard = d.shard and g.case_id = d.case_id
                        and g.member_id = nullif(current_setting('app.member', true), '')::uuid
                        and g.valid_from <= nullif(current_setting('app.today', true), '')::date
                        and (g.valid_until is null or g.valid_until > nullif(current_setting('app.today', true), '')::date))
             and case when nullif(current_setting('app.agency', true), '') is null then not d.internal
                      else d.agency_id = nullif(current_setting('app.agency', true), '')::uuid end
           else false
         end
$$;
