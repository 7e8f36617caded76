"""From what a request says to the text that is executed; the same for HTTP, each entry of a batch, and streams."""

from __future__ import annotations

from dataclasses import replace

from core.http.contract import GraphQLRequest
from core.http.persisted.automatic import AutomaticQueries, PersistedQueryNotFound
from core.identity.viewer import Viewer


class PersistedDocuments:
    """Knows the documents that requests may name; one per process."""

    def __init__(self, automatic: AutomaticQueries | None = None) -> None:
        self.automatic = automatic or AutomaticQueries()

    async def resolved(self, request: GraphQLRequest, viewer: Viewer) -> GraphQLRequest:
        """The same request with its text.

        Raises `PersistedQueryNotFound` for a name without a text that is known, `BadUserInput` for a hash of another text.
        It is asked after authentication: nobody without a token fills the store or learns what is in it.
        """
        named = request.document
        if named is None:
            return request
        if request.query:
            if named.automatic:
                self.automatic.keep(viewer.scope.shard, named.id, request.query)
            return request
        if not named.automatic:
            raise PersistedQueryNotFound
        return replace(request, query=self.automatic.text_of(viewer.scope.shard, named.id))
