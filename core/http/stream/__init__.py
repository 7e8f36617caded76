"""Streams: GraphQL over a WebSocket (graphql-transport-ws) on `/graphql`, and over server-sent events on `/graphql/stream`."""
