"""后台任务 (jobs): work outside a request, each run in one transaction that takes effect once, whatever crashes."""
