-- Django joins by a row's id alone, without its shard: a team on Django would index that.
create unique index if not exists bench_agency_id on agency (id);
create unique index if not exists bench_dispute_id on dispute (id);
create unique index if not exists bench_case_shell_id on case_shell (id);
