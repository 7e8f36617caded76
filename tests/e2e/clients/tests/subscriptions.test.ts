import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { print } from "graphql";
import { CaseChanges, CasesPage, ResponsesOfCase, WriteNote } from "../operations.ts";
import { apolloClient } from "../setup/apollo.ts";
import { eventStreamClient, socketClient } from "../setup/subscriptions.ts";
import { sessionOf } from "./environment.ts";

interface Told {
  data?: { caseChanged?: { cursor: string; case: { id: string } } | null } | null;
}

/** Writes notes on one of the agency's cases until somebody has heard of it: a subscription begins when it begins. */
async function actUntil<T>(heard: Promise<T>): Promise<T> {
  const client = apolloClient(sessionOf("agency"));
  const cases = await client.query({ query: CasesPage, variables: { first: 1 } });
  const id = cases.data?.cases?.edges[0]?.node.id ?? "";
  const found = await client.query({ query: ResponsesOfCase, variables: { id } });
  assert.ok(found.data?.node?.__typename === "Case");
  const responseId = found.data.node.responses[0]?.id ?? "";
  let done = false;
  void heard.finally(() => (done = true)).catch(() => undefined);
  for (let tries = 0; !done && tries < 40; tries += 1) {
    await client.mutate({ mutation: WriteNote, variables: { input: { responseId, body: "已联系承办人" } } });
    await new Promise((resume) => setTimeout(resume, 250));
  }
  return heard;
}

async function first(stream: AsyncIterable<unknown>): Promise<Told> {
  for await (const event of stream) return event as Told;
  throw new Error("the stream ended without an event");
}

test("graphql-ws hears of a change, and resumes after its cursor", async () => {
  const client = socketClient(sessionOf("agency"));
  const { data } = await actUntil(first(client.iterate({ query: print(CaseChanges) })));
  const cursor = data?.caseChanged?.cursor;
  assert.ok(cursor);
  const next = await actUntil(first(client.iterate({ query: print(CaseChanges), variables: { after: cursor } })));
  assert.notEqual(next.data?.caseChanged?.cursor, cursor);
  await client.dispose();
});

test("graphql-ws without a token is refused, and signs out", async () => {
  const session = sessionOf(undefined);
  await assert.rejects(first(socketClient(session).iterate({ query: print(CaseChanges) })));
  assert.equal(session.refusals, 1);
});

test("graphql-sse hears of a change", async () => {
  const client = eventStreamClient(sessionOf("agency"));
  const { data } = await actUntil(first(client.iterate({ query: print(CaseChanges) })));
  assert.ok(data?.caseChanged?.case.id);
  client.dispose();
});

test("Apollo hears of a change by its link for graphql-ws", async () => {
  const socket = socketClient(sessionOf("agency"));
  const client = apolloClient(sessionOf("agency"), new GraphQLWsLink(socket));
  const heard = new Promise<Told>((resolve, reject) => {
    const watching = client.subscribe({ query: CaseChanges }).subscribe({
      next: (event) => {
        watching.unsubscribe();
        resolve(event as Told);
      },
      error: reject,
    });
  });
  const { data } = await actUntil(heard);
  assert.ok(data?.caseChanged?.case.id);
  await socket.dispose();
});
