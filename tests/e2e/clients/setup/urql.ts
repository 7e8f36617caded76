import { Client, fetchExchange } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import schema from "../generated/introspection.ts";
import { lists, withoutId } from "../generated/lists.ts";
import { headersOf, type Session } from "./session.ts";

export function urqlClient(session: Session): Client {
  return new Client({
    url: session.url,
    exchanges: [
      cacheExchange({
        schema,
        keys: Object.fromEntries(withoutId.map((type) => [type, () => null])),
        // Each list is one list for each filter and order; its pages are joined.
        resolvers: Object.fromEntries(
          Object.entries(lists).map(([type, names]) => [
            type,
            Object.fromEntries(names.map((name) => [name, relayPagination()])),
          ]),
        ),
      }),
      authExchange(async (auth) => ({
        addAuthToOperation: (operation) => auth.appendHeaders(operation, headersOf(session)),
        didAuthError: (error) => error.graphQLErrors.some((one) => one.extensions.code === "UNAUTHENTICATED"),
        // Fetch a new token here if you can; what is refused again has nobody signed in.
        refreshAuth: async () => session.signedOut(),
      })),
      persistedExchange({ preferGetForPersistedQueries: false }),
      fetchExchange,
    ],
  });
}
