"""The baseline: SQL written by hand for each operation, behind a bare ASGI application. No GraphQL, no authentication.

It sets the scope of each transaction as ours does, in the same message as BEGIN, and lets PostgreSQL write the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from benchmarks.contestants import tallies
from benchmarks.contestants.setting import Setting

PAGE = """
select r.shard, r.case_id, r.filed_on, r.id from response r
 where r.shard = $1 {narrow}
   and (r.ordinal = 0 or not exists (select 1 from response o
         where o.shard = r.shard and o.case_id = r.case_id and o.ordinal < r.ordinal {narrow_other}))
 order by r.filed_on desc, r.id desc limit $3 + 1
"""

LIST = """
with page as materialized (select row_number() over () as place, p.* from ({page}) p)
select json_build_object('data', json_build_object('cases', json_build_object(
  'nodes', coalesce((select json_agg(json_build_object(
      'id', c.id, 'number', c.number_text, 'status', c.status, 'procedureKind', c.procedure_kind, 'outcome', c.outcome,
      'filedOn', c.filed_on, 'closedOn', c.closed_on,
      'court', (select json_build_object('name', k.name_zh) from court k where k.code = c.court_code),
      'cause', (select json_build_object('name', k.name_zh) from cause k where k.code = c.cause_code),
      'dispute', (select json_build_object('openedOn', d.opened_on) from dispute d where d.shard = c.shard and d.id = c.dispute_id),
      'responses', (select coalesce(json_agg(json_build_object('role', r.role, 'outcome', r.outcome, 'lost', r.lost,
          'receivedOn', r.received_on, 'answerDueOn', r.answer_due_on,
          'agency', (select json_build_object('name', a.name_zh) from agency a where a.shard = r.shard and a.id = r.agency_id)
        ) order by r.ordinal), '[]') from response r where r.shard = c.shard and r.case_id = c.id),
      'parties', json_build_object('nodes', (select coalesce(json_agg(json_build_object('side', t.side, 'name', t.name, 'people', t.people)
          order by t.ordinal, t.id), '[]') from (select * from party t where t.shard = c.shard and t.case_id = c.id
            order by t.ordinal, t.id limit 20) t))
    ) order by p.place) from page p join case_shell c on c.shard = p.shard and c.id = p.case_id where p.place <= $3), '[]'),
  'pageInfo', json_build_object('hasNextPage', (select count(*) > $3 from page)))))::text
"""

DETAIL = """
select json_build_object('data', json_build_object('node', (select json_build_object(
  'id', c.id, 'number', c.number_text, 'status', c.status, 'procedureKind', c.procedure_kind, 'procedureForm', c.procedure_form,
  'compensation', c.compensation, 'outcome', c.outcome, 'filedOn', c.filed_on, 'closedOn', c.closed_on,
  'firstHearingOn', c.first_hearing_on, 'version', c.version,
  'court', (select json_build_object('name', k.name_zh) from court k where k.code = c.court_code),
  'cause', (select json_build_object('name', k.name_zh) from cause k where k.code = c.cause_code),
  'dispute', (select json_build_object('openedOn', d.opened_on, 'cases', (select coalesce(json_agg(json_build_object(
      'number', o.number_text, 'procedureKind', o.procedure_kind, 'status', o.status) order by o.filed_on, o.id), '[]')
      from case_shell o where o.shard = d.shard and o.dispute_id = d.id))
    from dispute d where d.shard = c.shard and d.id = c.dispute_id),
  'responses', (select coalesce(json_agg(json_build_object('role', r.role, 'outcome', r.outcome, 'lost', r.lost,
      'receivedOn', r.received_on, 'answerDueOn', r.answer_due_on, 'answeredOn', r.answered_on, 'version', r.version,
      'agency', (select json_build_object('name', a.name_zh, 'level', a.level, 'category', a.category)
                   from agency a where a.shard = r.shard and a.id = r.agency_id)) order by r.ordinal), '[]')
    from response r where r.shard = c.shard and r.case_id = c.id),
  'parties', json_build_object('nodes', (select coalesce(json_agg(json_build_object('side', t.side, 'kind', t.kind, 'name', t.name,
      'people', t.people) order by t.ordinal, t.id), '[]')
    from (select * from party t where t.shard = c.shard and t.case_id = c.id order by t.ordinal, t.id limit 20) t)),
  'hearings', json_build_object('nodes', (select coalesce(json_agg(json_build_object('sequence', h.sequence, 'heldOn', h.held_on,
      'mode', h.mode, 'status', h.status, 'headRequired', h.head_required, 'version', h.version,
      'appearances', (select coalesce(json_agg(json_build_object('headAttended', x.head_attended, 'headName', x.head_name,
          'headKind', x.head_kind, 'absenceReason', x.absence_reason, 'agents', x.agents,
          'agency', (select json_build_object('name', a.name_zh) from agency a where a.shard = x.shard and a.id = x.agency_id))
          order by x.ordinal), '[]') from appearance x where x.shard = h.shard and x.hearing_id = h.id))
      order by h.held_on desc, h.id desc), '[]')
    from (select * from hearing h where h.shard = c.shard and h.case_id = c.id
            and exists (select 1 from appearance x where x.shard = h.shard and x.hearing_id = h.id) order by h.held_on desc limit 20) h)),
  'judgments', json_build_object('nodes', (select coalesce(json_agg(json_build_object('kind', j.kind, 'number', j.number_text,
      'decidedOn', j.decided_on, 'servedOn', j.served_on, 'outcome', j.outcome, 'appealUntil', j.appeal_until,
      'holdings', (select coalesce(json_agg(json_build_object('outcome', x.outcome, 'lost', x.lost, 'lossReason', x.loss_reason,
          'agency', (select json_build_object('name', a.name_zh) from agency a where a.shard = x.shard and a.id = x.agency_id))
          order by x.ordinal), '[]') from holding x where x.shard = j.shard and x.judgment_id = j.id))
      order by j.decided_on desc, j.id desc), '[]')
    from (select * from judgment j where j.shard = c.shard and j.case_id = c.id
            and exists (select 1 from holding x where x.shard = j.shard and x.judgment_id = j.id) order by j.decided_on desc limit 20) j)),
  'documents', json_build_object('nodes', (select coalesce(json_agg(json_build_object('docType', t.doc_type, 'title', t.title,
      'direction', t.direction, 'datedOn', t.dated_on, 'receivedOn', t.received_on, 'pages', t.pages)
      order by t.received_on desc, t.id desc), '[]')
    from (select * from document t where t.shard = c.shard and t.case_id = c.id order by t.received_on desc, t.id desc limit 20) t)),
  'periods', json_build_object('nodes', (select coalesce(json_agg(json_build_object('kind', t.kind, 'startsOn', t.starts_on,
      'dueOn', t.due_on, 'provisional', t.provisional, 'status', t.status, 'metOn', t.met_on) order by t.due_on, t.id), '[]')
    from (select * from period t where t.shard = c.shard and t.case_id = c.id order by t.due_on, t.id limit 20) t)),
  'obligations', json_build_object('nodes', (select coalesce(json_agg(json_build_object('kind', t.kind, 'content', t.content,
      'dueOn', t.due_on, 'status', t.status, 'fulfilledOn', t.fulfilled_on) order by t.due_on, t.id), '[]')
    from (select * from obligation t where t.shard = c.shard and t.case_id = c.id order by t.due_on, t.id limit 20) t)),
  'suggestions', json_build_object('nodes', (select coalesce(json_agg(json_build_object('kind', t.kind, 'issuedBy', t.issued_by,
      'subject', t.subject, 'receivedOn', t.received_on, 'replyDueOn', t.reply_due_on, 'status', t.status)
      order by t.received_on desc, t.id desc), '[]')
    from (select * from suggestion t where t.shard = c.shard and t.case_id = c.id order by t.received_on desc, t.id desc limit 20) t)),
  'earlierLinks', (select coalesce(json_agg(json_build_object('kind', l.kind, 'earlier', (select json_build_object('number', o.number_text,
      'procedureKind', o.procedure_kind, 'outcome', o.outcome) from case_shell o where o.shard = l.shard and o.id = l.from_case_id))
      order by l.id), '[]') from case_link l where l.shard = c.shard and l.to_case_id = c.id),
  'laterLinks', (select coalesce(json_agg(json_build_object('kind', l.kind, 'later', (select json_build_object('number', o.number_text,
      'procedureKind', o.procedure_kind, 'outcome', o.outcome) from case_shell o where o.shard = l.shard and o.id = l.to_case_id))
      order by l.id), '[]') from case_link l where l.shard = c.shard and l.from_case_id = c.id)
) from case_shell c where c.shard = $1 and c.id = $2)))::text
"""

OWNER = "select shard, code, agency_id, case_id, id from response where shard = $1 and id = $2"
NOTE = """
insert into note (shard, code, agency_id, case_id, response_id, body, written_by, written_at)
values ($1, $2, $3, $4, $5, $6, $7, now()) returning id
"""
AUDIT = """
insert into audit_entry (shard, code, agency_id, at, act, actor, member_id, subject_type, subject_id, after)
values ($1, $2, $3, now(), 'noteWrite', $4, null, 'Note', $5, $6)
"""
EVENT = """
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
values ($1, $2, $3, 'NoteWritten', 'Note', $4, $5, now())
"""
READ = """
select json_build_object('data', json_build_object('noteWrite', json_build_object('note',
  (select json_build_object('id', n.id, 'body', n.body, 'writtenBy', n.written_by) from note n where n.shard = $1 and n.id = $2),
  'errors', json_build_array())))::text
"""


def page_sql(setting: Setting) -> str:
    """The page that drives a list of cases: $1 the shard, $2 the district or null, $3 the size."""
    narrow = (
        ("and $2::bigint is null", "") if setting.district is None else ("and r.district = $2", "and o.district = $2")
    )
    return PAGE.format(narrow=narrow[0], narrow_other=narrow[1])


class Application:
    """Answers `POST /list`, `/detail`, `/dashboard` and `/mutation`."""

    def __init__(self) -> None:
        self.setting = Setting.read()
        self.list_sql = LIST.replace("{page}", page_sql(self.setting))
        self.answers: dict[str, Callable[[Any], Awaitable[str]]] = {
            "/list": self.list,
            "/detail": self.detail,
            "/dashboard": self.dashboard,
            "/mutation": self.mutation,
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer = (await self.answers[scope["path"]](json.loads(body))).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self.pool = await self.setting.pool()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _one(self, sql: str, *values: Any) -> str:
        async with self.pool.acquire() as connection:
            await connection.execute(self.setting.begin(read_only=True))
            answer: str = await connection.fetchval(sql, *values)
            await connection.execute("commit")
            return answer

    async def list(self, _given: Any) -> str:
        return await self._one(self.list_sql, self.setting.shard, self.setting.district, 50)

    async def detail(self, given: Any) -> str:
        return await self._one(DETAIL, self.setting.shard, UUID(given["id"]))

    async def dashboard(self, _given: Any) -> str:
        return await self._one(tallies.ALL, *self.setting.own_cells)

    async def mutation(self, given: Any) -> str:
        async with self.pool.acquire() as connection:
            await connection.execute(self.setting.begin(read_only=False))
            note = await write_note(connection, self.setting, UUID(given["response"]), given["body"])
            answer: str = await connection.fetchval(READ, self.setting.shard, note)
            await connection.execute("commit")
            return answer


async def write_note(connection: Any, setting: Setting, response: UUID, body: str) -> UUID:
    """The note, its audit entry and its event."""
    shard, code, agency, case, found = await connection.fetchrow(OWNER, setting.shard, response)
    note: UUID = await connection.fetchval(NOTE, shard, code, agency, case, found, body, setting.written_by)
    after = json.dumps({"response_id": str(found), "characters": len(body)})
    await connection.execute(AUDIT, shard, code, agency, "benchmark", note, after)
    payload = json.dumps({"caseId": str(case), "responseId": str(found)})
    await connection.execute(EVENT, shard, code, agency, note, payload)
    return note


application = Application()
