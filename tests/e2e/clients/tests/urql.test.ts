import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CasesPageQuery } from "../generated/gql/graphql.ts";
import { CasesPage, NotAllowed, ResponsesOfCase, WhoAmI, WriteNote } from "../operations.ts";
import { urqlClient } from "../setup/urql.ts";
import { sessionOf, watched } from "./environment.ts";

// The cache warns of objects that it cannot keep: of ours there are none.
const warnings: unknown[] = [];
console.warn = (...said: unknown[]) => warnings.push(said[0]);
after(() => assert.deepEqual(warnings, []));

test("a query with variables answers typed data, and the second time from the cache", async () => {
  const client = urqlClient(sessionOf("city_bureau"));
  const ask = () => client.query(CasesPage, { first: 3, filter: { status: { eq: "OPEN" } } }).toPromise();
  const [first] = await watched(ask);
  assert.equal(first.data?.cases?.edges.length, 3);
  assert.ok(first.data.cases.edges.every(({ node }) => node.status === "OPEN"));
  const [again, seen] = await watched(ask);
  assert.deepEqual(again.data, first.data);
  assert.deepEqual(seen, []);
});

test("pages are joined in the cache, to the end of the list", async () => {
  const client = urqlClient(sessionOf("city_bureau"));
  const ask = (after?: string | null) => client.query(CasesPage, { first: 100, after }).toPromise();
  let page: CasesPageQuery["cases"] = (await ask()).data?.cases ?? null;
  const total = page?.totalCount;
  while (page?.pageInfo.hasNextPage) page = (await ask(page.pageInfo.endCursor)).data?.cases ?? null;
  const joined = client.readQuery(CasesPage, { first: 100 })?.data?.cases;
  assert.equal(joined?.edges.length, total);
  assert.equal(new Set(joined?.edges.map(({ node }) => node.id)).size, total);
  assert.ok(total !== undefined && total > 200, `${total} cases make no third page`);
});

test("a refused act answers its errors in the payload", async () => {
  const client = urqlClient(sessionOf("agency"));
  const cases = await client.query(CasesPage, { first: 1 }).toPromise();
  const found = await client.query(ResponsesOfCase, { id: cases.data?.cases?.edges[0]?.node.id ?? "" }).toPromise();
  assert.ok(found.data?.node?.__typename === "Case");
  const responseId = found.data.node.responses[0]?.id ?? "";

  const refused = await client.mutation(WriteNote, { input: { responseId, body: " " } }).toPromise();
  assert.equal(refused.error, undefined);
  assert.equal(refused.data?.noteWrite?.note, null);
  assert.deepEqual(refused.data?.noteWrite?.errors[0]?.path, ["input", "body"]);

  const done = await client.mutation(WriteNote, { input: { responseId, body: "已联系承办人" } }).toPromise();
  assert.equal(done.data?.noteWrite?.note?.body, "已联系承办人");
});

test("a field that is refused is null with its error, and the others stand", async () => {
  const { data, error } = await urqlClient(sessionOf("court_liaison")).query(NotAllowed, {}).toPromise();
  assert.equal(data?.periods, null);
  assert.equal(data?.viewer?.subject, "dev:court_liaison");
  assert.equal(error?.graphQLErrors[0]?.extensions["code"], "FORBIDDEN");
  assert.deepEqual(error?.graphQLErrors[0]?.path, ["periods"]);
});

test("a missing token is a 401 whose errors are read, and signs out", async () => {
  const session = sessionOf(undefined);
  const [{ error }, seen] = await watched(() => urqlClient(session).query(WhoAmI, {}).toPromise());
  assert.equal(seen.at(-1)?.status, 401);
  assert.equal(error?.graphQLErrors[0]?.extensions["code"], "UNAUTHENTICATED");
  assert.equal(session.refusals, 1);
});

test("an automatic persisted query is answered as one answer, not as a stream", async () => {
  const client = urqlClient(sessionOf("city_bureau"));
  const [{ data }, seen] = await watched(() => client.query(WhoAmI, {}).toPromise());
  assert.equal(data?.viewer?.membership.role, "CITY_BUREAU");
  assert.match(seen.at(-1)?.contentType ?? "", /^application\/graphql-response\+json/);
});
