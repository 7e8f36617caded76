-- Registered documents and modes of a whole city, for a process that serves its people in whatever scope: configuration, no
-- secret within the city; still a transaction that has a shard asks for no other. No text when the asker knows the digest.
create or replace function trusted_documents_said(p_shard integer, p_known text) returns table (digest text, said text)
language sql stable security definer set search_path = public, pg_temp as $$
  with documents as (
    select d.code, d.high, d.document_id, d.sha256 from trusted_document d
     where d.shard = p_shard and coalesce(nullif(current_setting('app.shard', true), '')::integer, p_shard) = p_shard and d.removed_at is null),
  policies as (
    select p.code, p.high, p.mode from trusted_document_policy p where p.shard = p_shard and coalesce(nullif(current_setting('app.shard', true), '')::integer, p_shard) = p_shard),
  found as (
    select md5(coalesce((select string_agg(concat_ws(':', code, high, document_id, sha256), ',' order by code, document_id, sha256)
                           from documents), '') || ';' ||
               coalesce((select string_agg(concat_ws(':', code, high, mode), ',' order by code) from policies), '')) as digest)
  select found.digest, case when found.digest is distinct from p_known then json_build_object(
           'documents', (select coalesce(json_agg(json_build_array(code, high, document_id, sha256)), '[]'::json) from documents),
           'policies', (select coalesce(json_agg(json_build_array(code, high, mode)), '[]'::json) from policies))::text end
    from found;
$$;

-- The text of a registered document.
create or replace function trusted_document_body(p_shard integer, p_sha256 text) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select d.body from trusted_document d
   where d.shard = p_shard and coalesce(nullif(current_setting('app.shard', true), '')::integer, p_shard) = p_shard and d.sha256 = p_sha256 and d.removed_at is null limit 1;
$$;
