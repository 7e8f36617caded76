import { createClient as createSseClient } from "graphql-sse";
import type { Client as SseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import type { Client as WsClient } from "graphql-ws";
import { headersOf, type Session } from "./session.ts";

/** Subscriptions over a WebSocket. Each connection asks for the token anew; a refused one is not tried again. */
export function socketClient(session: Session): WsClient {
  return createWsClient({
    url: session.url.replace(/^http/, "ws"),
    connectionParams: () => ({ authorization: `Bearer ${session.token() ?? ""}`, membership: session.membership?.() }),
    shouldRetry: (error) => !(error instanceof CloseEvent && error.code === 4401),
    on: {
      closed: (event) => {
        if (event instanceof CloseEvent && event.code === 4401) session.signedOut();
      },
    },
  });
}

/** Subscriptions by server-sent events, where a proxy lets no WebSocket through. */
export function eventStreamClient(session: Session): SseClient {
  return createSseClient({ url: `${session.url}/stream`, headers: () => headersOf(session) });
}
