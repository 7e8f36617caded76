-- Whose calendar a secret address is: asked before there is a scope, by the SHA-256 of the secret. It answers for one exact
-- secret, so nothing can be enumerated through it; a revoked one is nobody's.
create or replace function calendar_feed_of(p_token_sha256 text)
returns table (shard integer, member_id uuid, issuer text, subject text)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.shard, m.id, m.issuer, m.subject
    from calendar_feed f join member m on m.shard = f.shard and m.id = f.member_id
   where f.token_sha256 = p_token_sha256 and f.revoked_at is null
$$;
