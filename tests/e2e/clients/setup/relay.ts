import { Environment, Network, RecordSource, Store } from "relay-runtime";
import type { FetchFunction } from "relay-runtime";
import { headersOf, type Session } from "./session.ts";

export function relayEnvironment(session: Session): Environment {
  return new Environment({ network: Network.create(fetchFrom(session)), store: new Store(new RecordSource()) });
}

/** Relay throws what this throws; a payload with `errors` beside `data` is kept, and the null fields are read as null. */
function fetchFrom(session: Session): FetchFunction {
  return async (operation, variables) => {
    const answer = await fetch(session.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json;q=0.9",
        ...headersOf(session),
      },
      body: JSON.stringify({ query: operation.text, operationName: operation.name, variables }),
    });
    if (answer.status === 401) session.signedOut();
    return answer.json();
  };
}
