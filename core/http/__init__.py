"""HTTP: the GraphQL endpoint after the GraphQL-over-HTTP specification, health, metrics, the SDL and GraphiQL.

`application.build_http_app` puts them together; `contract` is what the GraphQL execution has to offer.
"""
