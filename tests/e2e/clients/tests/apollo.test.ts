import assert from "node:assert/strict";
import { test } from "node:test";
import { CombinedGraphQLErrors } from "@apollo/client";
import { BatchHttpLink } from "@apollo/client/link/batch-http";
import { CasesPage, NotAllowed, ResponsesOfCase, WhoAmI, WriteNote } from "../operations.ts";
import { apolloClient } from "../setup/apollo.ts";
import { sessionOf, url, watched } from "./environment.ts";

test("a query with variables answers typed data", async () => {
  const client = apolloClient(sessionOf("city_bureau"));
  const { data } = await client.query({
    query: CasesPage,
    variables: { first: 3, filter: { status: { eq: "OPEN" } } },
  });
  assert.equal(data?.cases?.edges.length, 3);
  assert.ok(data.cases.edges.every(({ node }) => node.status === "OPEN"));
});

test("pages are joined in the cache, to the end of the list", async () => {
  const client = apolloClient(sessionOf("city_bureau"));
  const list = client.watchQuery({ query: CasesPage, variables: { first: 20 } });
  const subscription = list.subscribe(() => {});
  let page = (await list.refetch()).data?.cases;
  const total = page?.totalCount;
  while (page?.pageInfo.hasNextPage) {
    page = (await list.fetchMore({ variables: { after: page.pageInfo.endCursor } })).data?.cases;
  }
  const joined = client.readQuery({ query: CasesPage, variables: { first: 20 } })?.cases;
  subscription.unsubscribe();
  assert.equal(joined?.edges.length, total);
  assert.equal(new Set(joined?.edges.map(({ node }) => node.id)).size, total);
  assert.equal(joined?.pageInfo.hasNextPage, false);
  assert.ok(total !== undefined && total > 40, `${total} cases make no third page`);
});

test("a refused act answers its errors in the payload; what stands in the cache stays", async () => {
  const client = apolloClient(sessionOf("agency"));
  const cases = await client.query({ query: CasesPage, variables: { first: 1 } });
  const id = cases.data?.cases?.edges[0]?.node.id ?? "";
  const found = await client.query({ query: ResponsesOfCase, variables: { id } });
  assert.ok(found.data?.node?.__typename === "Case");
  const responseId = found.data.node.responses[0]?.id ?? "";

  const refused = await client.mutate({ mutation: WriteNote, variables: { input: { responseId, body: " " } } });
  assert.equal(refused.data?.noteWrite?.note, null);
  assert.match(refused.data?.noteWrite?.errors[0]?.messageZh ?? "", /[一-龥]/);
  assert.deepEqual(refused.data?.noteWrite?.errors[0]?.path, ["input", "body"]);

  const done = await client.mutate({ mutation: WriteNote, variables: { input: { responseId, body: "已联系承办人" } } });
  assert.deepEqual(done.data?.noteWrite?.errors, []);
  assert.equal(done.data?.noteWrite?.note?.body, "已联系承办人");
});

test("a field that is refused is null with its error, and the others stand", async () => {
  const { data, error } = await apolloClient(sessionOf("court_liaison")).query({ query: NotAllowed });
  assert.equal(data?.periods, null);
  assert.equal(data?.viewer?.subject, "dev:court_liaison");
  assert.ok(CombinedGraphQLErrors.is(error));
  assert.deepEqual(error.errors[0]?.path, ["periods"]);
  assert.equal(error.errors[0]?.extensions?.["code"], "FORBIDDEN");
  assert.ok(error.errors[0]?.extensions?.["requestId"]);
});

test("a missing token is a 401 whose errors are read, and signs out", async () => {
  const session = sessionOf(undefined);
  const [{ error }, seen] = await watched(() => apolloClient(session).query({ query: WhoAmI }));
  assert.equal(seen.at(-1)?.status, 401);
  assert.ok(CombinedGraphQLErrors.is(error));
  assert.equal(error.errors[0]?.extensions?.["code"], "UNAUTHENTICATED");
  assert.equal(session.refusals, 1);
});

test("an automatic persisted query is answered", async () => {
  const client = apolloClient(sessionOf("city_bureau"));
  const [{ data }, seen] = await watched(() => client.query({ query: WhoAmI }));
  assert.equal(data?.viewer?.membership.role, "CITY_BUREAU");
  assert.ok(seen.every(({ status }) => status === 200 || status === 400));
  assert.equal(seen.at(-1)?.status, 200);

  const [again, known] = await watched(() => apolloClient(sessionOf("agency")).query({ query: WhoAmI }));
  assert.equal(again.data?.viewer?.membership.role, "AGENCY");
  assert.equal(known.length, 1, "the second client's hash is known");
  assert.equal("query" in (known[0]?.body as object), false);
});

test("a batch link sends operations together, and each is answered by itself", async () => {
  const client = apolloClient(sessionOf("court_liaison"), new BatchHttpLink({ uri: url, batchInterval: 20 }));
  const [[who, refused], seen] = await watched(() =>
    Promise.all([client.query({ query: WhoAmI }), client.query({ query: NotAllowed })]),
  );
  assert.equal(seen.length, 1);
  assert.ok(Array.isArray(seen[0]?.body));
  assert.equal(who.data?.viewer?.subject, "dev:court_liaison");
  assert.ok(CombinedGraphQLErrors.is(refused.error));
});
