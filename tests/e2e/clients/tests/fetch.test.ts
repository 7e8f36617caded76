/** No client at all: `fetch`, with each media type and method. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { headersOf } from "../setup/session.ts";
import { sessionOf, url } from "./environment.ts";

interface Answer {
  data?: { viewer?: { subject: string }; cases?: { totalCount: number } | null };
  errors?: { message: string; path?: string[]; extensions: { code: string; messageZh: string; requestId: string } }[];
}

const TYPED = "application/graphql-response+json";

async function post(body: unknown, accept: string, session = sessionOf("agency")): Promise<[Response, Answer]> {
  const headers = { "Content-Type": "application/json", Accept: accept, ...headersOf(session) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return [answer, (await answer.json()) as Answer];
}

for (const accept of [TYPED, "application/json"]) {
  test(`data comes as ${accept}`, async () => {
    const [answer, { data, errors }] = await post({ query: "{ viewer { subject } }" }, accept);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), `${accept}; charset=utf-8`);
    assert.equal(errors, undefined);
    assert.equal(data?.viewer?.subject, "dev:agency");
  });

  test(`a request that cannot start has no data, as ${accept}`, async () => {
    const [answer, body] = await post({ query: "{ nothing }" }, accept);
    assert.equal(answer.status, accept === TYPED ? 400 : 200);
    assert.equal("data" in body, false);
    assert.equal(body.errors?.[0]?.extensions.code, "GRAPHQL_VALIDATION_FAILED");
    assert.equal(body.errors[0].extensions.requestId, answer.headers.get("x-request-id"));
  });

  test(`a missing token is a 401 as ${accept}`, async () => {
    const [answer, body] = await post({ query: "{ viewer { subject } }" }, accept, sessionOf(undefined));
    assert.equal(answer.status, 401);
    assert.equal(body.errors?.[0]?.extensions.code, "UNAUTHENTICATED");
  });
}

test("a query goes by GET, and a mutation does not", async () => {
  const get = (query: string) =>
    fetch(`${url}?${new URLSearchParams({ query })}`, { headers: { Accept: TYPED, ...headersOf(sessionOf("agency")) } });
  const found = await get("{ cases { totalCount } }");
  assert.ok((((await found.json()) as Answer).data?.cases?.totalCount ?? 0) > 0);
  const refused = await get('mutation { noteWrite(input: { responseId: "x", body: "y" }) { errors { code } } }');
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.get("allow"), "POST");
});

test("a batch is a list, and each operation succeeds or fails by itself", async () => {
  const [answer, body] = await post([{ query: "{ viewer { subject } }" }, { query: "{ nothing }" }], "application/json");
  const [first, second] = body as unknown as Answer[];
  assert.equal(answer.status, 200);
  assert.equal(first?.data?.viewer?.subject, "dev:agency");
  assert.equal(second?.errors?.[0]?.extensions.code, "GRAPHQL_VALIDATION_FAILED");
});
