/** Apollo Client 3, which many front ends still have: the same links by their older names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, ApolloError, HttpLink, InMemoryCache } from "@apollo/client-3/core/index.js";
import { createPersistedQueryLink } from "@apollo/client-3/link/persisted-queries/index.js";
import { relayStylePagination } from "@apollo/client-3/utilities/index.js";
import { CasesPage, NotAllowed, WhoAmI } from "../operations.ts";
import { headersOf } from "../setup/session.ts";
import { sha256 } from "../setup/sha256.ts";
import { sessionOf, url } from "./environment.ts";

function client(who: string | undefined) {
  return new ApolloClient({
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { cases: relayStylePagination(["filter"]) } } } }),
    link: createPersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: url, headers: headersOf(sessionOf(who)) })),
    defaultOptions: { query: { errorPolicy: "all" } },
  });
}

test("pages are joined in the cache, to the end of the list", async () => {
  const apollo = client("city_bureau");
  const list = apollo.watchQuery({ query: CasesPage, variables: { first: 100 } });
  const watching = list.subscribe(() => undefined);
  let page = (await list.result()).data.cases;
  while (page?.pageInfo.hasNextPage) {
    page = (await list.fetchMore({ variables: { after: page.pageInfo.endCursor } })).data.cases;
  }
  watching.unsubscribe();
  const joined = apollo.readQuery({ query: CasesPage, variables: { first: 100 } })?.cases;
  assert.equal(joined?.edges.length, joined?.totalCount);
  assert.ok((joined?.totalCount ?? 0) > 200);
});

test("a field that is refused is null with its error, and the others stand", async () => {
  const { data, errors } = await client("court_liaison").query({ query: NotAllowed });
  assert.equal(data.viewer?.subject, "dev:court_liaison");
  assert.equal(errors?.[0]?.extensions?.["code"], "FORBIDDEN");
});

test("a missing token is a network error that says so", async () => {
  await assert.rejects(client(undefined).query({ query: WhoAmI }), (error: unknown) => {
    assert.ok(error instanceof ApolloError);
    assert.match(JSON.stringify(error.networkError ?? error.graphQLErrors), /UNAUTHENTICATED/);
    return true;
  });
});
