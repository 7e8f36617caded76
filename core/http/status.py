"""The HTTP status of a GraphQL response: the one place that decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.errors import ErrorCode
from core.http.contract import ExecutionOutcome
from core.http.media_types import ResponseType

_TURNED_AWAY: Mapping[ErrorCode, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.INTERNAL: 500,
}
"""Not a matter of what the request says, so these hold for both media types ("URL" section of the specification)."""


def response_status(outcome: ExecutionOutcome, response_type: ResponseType) -> int:
    """Give the status of one operation's response.

    Executed: 200, field errors or not. Not executed: 400 under `application/graphql-response+json`; 200 under
    `application/json`, whose older clients take anything else for a network failure.
    """
    if outcome.wrong_method:
        return 405
    if outcome.executed:
        return 200
    turned_away = _TURNED_AWAY.get(outcome.refusal) if outcome.refusal is not None else None
    if turned_away is not None:
        return turned_away
    return 400 if response_type is ResponseType.GRAPHQL_RESPONSE else 200


def batch_status(outcomes: Sequence[ExecutionOutcome]) -> int:
    """Give the status of a batch: 200, unless every entry was turned away for the same reason."""
    reasons = {None if outcome.executed else outcome.refusal for outcome in outcomes}
    if len(reasons) == 1 and (reason := reasons.pop()) is not None:
        return _TURNED_AWAY.get(reason, 200)
    return 200
