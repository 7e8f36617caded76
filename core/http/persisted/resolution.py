"""From what a request says to the text that is executed; the same for HTTP, each entry of a batch, and streams."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.db.queries import Recogniser
from core.errors import BadUserInput, ErrorCode, YingsuError
from core.http.contract import GraphQLRequest
from core.http.persisted.automatic import AutomaticQueries, sha256_of
from core.identity.viewer import Viewer
from core.trusted.cache import Trust, TrustedDocuments
from core.trusted.modes import TrustMode


class PersistedQueryRequired(YingsuError):
    """仅接受已登记的查询: the tenant executes registered documents only, and this is none."""

    code = ErrorCode.PERSISTED_QUERY_REQUIRED

    def __init__(self) -> None:
        super().__init__("only registered documents are executed here", "本地区仅执行已登记的查询。")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A request with its text; `unregistered` is the text's SHA-256 where the tenant wants to know of it."""

    request: GraphQLRequest
    unregistered: str | None = None


class PersistedDocuments:
    """Knows the documents that requests may name; one per process."""

    def __init__(self, trusted: TrustedDocuments, automatic: AutomaticQueries | None = None) -> None:
        self.trusted = trusted
        self.automatic = automatic or AutomaticQueries()

    async def resolved(self, queries: Recogniser, request: GraphQLRequest, viewer: Viewer) -> Resolved:
        """The same request with its text.

        Raises `PersistedQueryRequired` for what the tenant does not execute, `PersistedQueryNotFound` for a name without a text
        that is known, `BadUserInput` for the name of another text. It is asked after authentication: nobody without a token
        fills the store or learns what is in it.
        """
        trust = await self.trusted.trust(queries, viewer.scope)
        if trust.documents:
            registered = await self._registered(queries, request, trust, viewer.scope.shard)
            if registered is not None:
                return Resolved(registered)
        if trust.mode is TrustMode.ENFORCE:
            raise PersistedQueryRequired
        known = self._automatic(request, viewer.scope.shard)
        return Resolved(known, sha256_of(known.query) if trust.mode is TrustMode.LOG else None)

    async def _registered(
        self, queries: Recogniser, request: GraphQLRequest, trust: Trust, shard: int
    ) -> GraphQLRequest | None:
        """The request with its registered text, however it came: by a name, or as the very text that is registered."""
        named = request.document
        if named is not None and (sha256 := trust.documents.get(named.id)) is not None:
            body = await self.trusted.body(queries, shard, sha256)
            if body is None:
                return None
            if request.query and request.query != body:
                raise BadUserInput(
                    "the request names another document than it sends",
                    "请求指明的文档与所发送的查询不符",
                    field="query",
                )
            return replace(request, query=body)
        if request.query and sha256_of(request.query) in trust.documents:
            return request
        return None

    def _automatic(self, request: GraphQLRequest, shard: int) -> GraphQLRequest:
        named = request.document
        if named is None:
            return request
        if request.query:
            if named.automatic:
                self.automatic.keep(shard, named.id, request.query)
            return request
        return replace(request, query=self.automatic.text_of(shard, named.id))
