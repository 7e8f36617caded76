import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { ErrorLink } from "@apollo/client/link/error";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import fragmentMatcher from "../generated/fragment-matcher.ts";
import { lists } from "../generated/lists.ts";
import { headersOf, type Session } from "./session.ts";
import { sha256 } from "./sha256.ts";

// A list is one list for each filter and order.
const pages = relayStylePagination(["filter", "orderBy"]);

export function apolloCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: fragmentMatcher.possibleTypes,
    typePolicies: {
      ...Object.fromEntries(
        Object.entries(lists).map(([type, names]) => [
          type,
          { fields: Object.fromEntries(names.map((name) => [name, pages])) },
        ]),
      ),
      Viewer: { merge: true }, // there is one, without an id
    },
  });
}

// A field that fails is null and has its error; the rest of the answer stands.
declare module "@apollo/client" {
  export namespace ApolloClient {
    export namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: "all";
      }
      interface Query {
        errorPolicy: "all";
      }
      interface Mutate {
        errorPolicy: "all";
      }
    }
  }
}

export function apolloClient(session: Session, transport: ApolloLink = persisted(session)): ApolloClient {
  return new ApolloClient({
    cache: apolloCache(),
    link: ApolloLink.from([
      new ErrorLink(({ error }) => {
        if (!CombinedGraphQLErrors.is(error)) return;
        if (error.errors.some(({ extensions }) => extensions?.["code"] === "UNAUTHENTICATED")) session.signedOut();
      }),
      new SetContextLink(({ headers }) => ({ headers: { ...headers, ...headersOf(session) } })),
      transport,
    ]),
    defaultOptions: {
      watchQuery: { errorPolicy: "all" },
      query: { errorPolicy: "all" },
      mutate: { errorPolicy: "all" },
    },
  });
}

/** Sends the hash of an operation, and its text only where the server does not know it. */
function persisted(session: Session): ApolloLink {
  return new PersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: session.url }));
}
