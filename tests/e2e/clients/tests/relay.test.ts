import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getRefetchableFragment,
  getRequest,
  getSingularSelector,
} from "relay-runtime";
import type { ConcreteRequest, Environment, GraphQLTaggedNode, OperationType } from "relay-runtime";
import type { cases_list$data } from "../generated/relay/cases_list.graphql.ts";
import type { cases_one$data } from "../generated/relay/cases_one.graphql.ts";
import type { casesListQuery } from "../generated/relay/casesListQuery.graphql.ts";
import type { casesNextPageQuery } from "../generated/relay/casesNextPageQuery.graphql.ts";
import type { casesOneRefetchQuery } from "../generated/relay/casesOneRefetchQuery.graphql.ts";
import type { casesWriteNoteMutation } from "../generated/relay/casesWriteNoteMutation.graphql.ts";
import { caseList, caseListQuery, oneCase, writeNote } from "../relay/cases.ts";
import { relayEnvironment } from "../setup/relay.ts";
import { sessionOf } from "./environment.ts";

/** Fetches, as a query hook does: what it selects is kept in the store. */
async function ask<T extends OperationType>(
  environment: Environment,
  query: GraphQLTaggedNode,
  variables: T["variables"],
): Promise<T["response"]> {
  environment.retain(createOperationDescriptor(getRequest(query), variables));
  const answer = await fetchQuery<T>(environment, query, variables).toPromise();
  assert.ok(answer);
  return answer;
}

/** What a fragment hook shows: the fragment's data as it stands in the store. */
function shown<Data>(environment: Environment, fragment: GraphQLTaggedNode, key: unknown): Data {
  const selector = getSingularSelector(refetchable(fragment), key);
  assert.ok(selector);
  const snapshot = environment.lookup(selector);
  assert.equal(snapshot.isMissingData, false);
  return snapshot.data as Data;
}

function refetchable(fragment: GraphQLTaggedNode) {
  const found = getRefetchableFragment(fragment);
  assert.ok(found);
  return found;
}

/** The query that the compiler wrote for a `@refetchable` fragment. */
function refetchQuery(fragment: GraphQLTaggedNode): ConcreteRequest {
  const operation = refetchable(fragment).metadata.refetch.operation;
  assert.ok(typeof operation !== "string");
  return operation as ConcreteRequest;
}

test("pages are joined in the store by a refetchable connection, to the end of the list", async () => {
  const environment = relayEnvironment(sessionOf("city_bureau"));
  const root = await ask<casesListQuery>(environment, caseListQuery, { first: 100 });
  let list = shown<cases_list$data>(environment, caseList, root);
  const total = list.cases?.totalCount;
  let pages = 1;
  for (let after = endOf(environment); after !== null; after = endOf(environment)) {
    await ask<casesNextPageQuery>(environment, refetchQuery(caseList), { first: 100, after });
    list = shown<cases_list$data>(environment, caseList, root);
    pages += 1;
  }
  assert.equal(list.cases?.edges.length, total);
  assert.equal(new Set(list.cases?.edges.map(({ node }) => node.id)).size, total);
  assert.ok(pages >= 3, `${pages} pages`);
});

/** The cursor at which the joined list goes on; null at its end. */
function endOf(environment: Environment): string | null {
  const connection = environment.getStore().getSource().get("client:root:__cases_list_cases_connection");
  const pageInfo = connection?.["pageInfo"] as { __ref: string } | undefined;
  assert.ok(pageInfo);
  const record = environment.getStore().getSource().get(pageInfo.__ref);
  return record?.["hasNextPage"] === true ? (record["endCursor"] as string) : null;
}

test("a fragment on one case is fetched again by node(id:)", async () => {
  const environment = relayEnvironment(sessionOf("district_bureau"));
  const root = await ask<casesListQuery>(environment, caseListQuery, { first: 1 });
  const id = shown<cases_list$data>(environment, caseList, root).cases?.edges[0]?.node.id ?? "";
  const again = await ask<casesOneRefetchQuery>(environment, refetchQuery(oneCase), { id });
  const one = shown<cases_one$data>(environment, oneCase, again.node);
  assert.equal(one.id, id);
  assert.ok(one.responses[0]?.agency?.name);
});

test("a refused act answers its errors in the payload", async () => {
  const environment = relayEnvironment(sessionOf("agency"));
  const root = await ask<casesListQuery>(environment, caseListQuery, { first: 1 });
  const id = shown<cases_list$data>(environment, caseList, root).cases?.edges[0]?.node.id ?? "";
  const again = await ask<casesOneRefetchQuery>(environment, refetchQuery(oneCase), { id });
  const responseId = shown<cases_one$data>(environment, oneCase, again.node).responses[0]?.id ?? "";

  const refused = await noted(environment, { responseId, body: " " });
  assert.equal(refused.noteWrite?.note, null);
  assert.deepEqual(refused.noteWrite?.errors[0]?.path, ["input", "body"]);
  const done = await noted(environment, { responseId, body: "已联系承办人" });
  assert.equal(done.noteWrite?.note?.body, "已联系承办人");
});

function noted(environment: Environment, input: { responseId: string; body: string }) {
  return new Promise<casesWriteNoteMutation["response"]>((resolve, reject) => {
    commitMutation<casesWriteNoteMutation>(environment, {
      mutation: writeNote,
      variables: { input },
      onCompleted: resolve,
      onError: reject,
    });
  });
}

test("a missing token signs out, and the query fails", async () => {
  const session = sessionOf(undefined);
  const asked = fetchQuery<casesListQuery>(relayEnvironment(session), caseListQuery, { first: 1 }).toPromise();
  await assert.rejects(asked, /UNAUTHENTICATED|bearer token/);
  assert.equal(session.refusals, 1);
});
