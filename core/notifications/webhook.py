"""Webhooks: messages to a tenant's own systems, signed as https://www.standardwebhooks.com says, so that receivers find a library.

`webhook-id` stays the same in every attempt: a receiver that has seen it answers 2xx and does nothing. `webhook-signature` is
HMAC-SHA256 over `id.timestamp.body`, one for each secret that is in force: for a day after a rotation the former one signs too.
A receiver refuses a timestamp that is more than five minutes old. Secrets are not stored: they are derived from the
installation's, the endpoint's id and the number of its secret.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from core.clock import Clock
from core.identity.outside import httpx
from core.notifications.channel import WEBHOOK, Channel, DeliveryFailure, Endpoint, NotSent, Parcel
from core.notifications.reaching import Target, UrlRefused, parse_target, reachable

FORMER_SIGNS_FOR: Final = timedelta(days=1)
SECONDS: Final = 10.0
_OK, _MORE, _REFUSED, _FAILED = 200, 300, 400, 500


@dataclass(frozen=True, slots=True)
class EndpointSecrets:
    """The secrets of endpoints, derived from the installation's."""

    installation: bytes

    def secret(self, shard: int, endpoint_id: UUID, version: int) -> str:
        """As a receiver is told it: `whsec_…`."""
        said = f"notification-endpoint:{shard}:{endpoint_id}:{version}".encode()
        return "whsec_" + b64encode(hmac.digest(self.installation, said, hashlib.sha256)).decode()


def signature(secret: str, parcel_id: str, timestamp: int, body: bytes) -> str:
    """`v1,…` by one secret."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{parcel_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Sends parcels to endpoints. `private` lets them lead into one's own network, and speak plain HTTP there."""

    secrets: EndpointSecrets
    clock: Clock
    private: bool = False

    def channel(self) -> Channel:
        """The channel to endpoints."""
        return Channel(WEBHOOK, "系统对接", "webhook", r"https?://.+", "接收地址", self.send, SECONDS)

    async def send(self, parcel: Parcel) -> None:
        """Post a parcel; whatever is not 2xx did not arrive."""
        if parcel.endpoint is None:
            raise NotSent(DeliveryFailure.ENDPOINT_DISABLED, final=True)
        try:
            target = parse_target(parcel.endpoint.url, private=self.private)
        except UrlRefused:
            raise NotSent(DeliveryFailure.ADDRESS_NOT_ALLOWED) from None
        address = await reachable(target, private=self.private)
        body = orjson.dumps(content(parcel))
        headers = self._headers(parcel, parcel.endpoint, body) | {"Host": target.host_header}
        status = await _post(target, address, headers, body)
        if not _OK <= status < _MORE:
            raise NotSent(_failure_of(status))

    def _headers(self, parcel: Parcel, endpoint: Endpoint, body: bytes) -> dict[str, str]:
        now, parcel_id = self.clock.now(), str(parcel.id)
        timestamp = int(now.timestamp())
        versions = [endpoint.secret_version]
        if endpoint.former_until is not None and endpoint.former_until > now:
            versions.append(endpoint.secret_version - 1)
        secrets = [self.secrets.secret(parcel.to.shard, endpoint.id, version) for version in versions]
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "yingsu-webhook/1",
            "webhook-id": parcel_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signature(secret, parcel_id, timestamp, body) for secret in secrets),
        }


def content(parcel: Parcel) -> dict[str, Any]:
    """What a receiver is told. `key` names the matter: one person is told of it once, by whichever way."""
    letter, to = parcel.letters[0], parcel.to
    return {
        "type": "notification",
        "id": str(parcel.id),
        "kind": letter.kind,
        "key": letter.key,
        "title": letter.title,
        "body": letter.body,
        "urgent": letter.urgent,
        "writtenAt": letter.written_at.isoformat(),
        "tenantCode": to.code,
        "recipient": {"issuer": to.issuer, "subject": to.subject, "displayName": to.display_name},
        "about": {"type": letter.subject_type, "id": str(letter.subject_id)},
    }


async def _post(target: Target, address: str, headers: dict[str, str], body: bytes) -> int:
    """The status that the receiver answers; its words are not read."""
    host = f"[{address}]" if ":" in address else address
    url = f"{'https' if target.secure else 'http'}://{host}:{target.port}{target.path}"
    # No connection is kept: one that was verified for a name must not serve another name at the same address.
    limits = httpx.Limits(max_keepalive_connections=0)
    # Of the environment the authorities count (SSL_CERT_FILE, for receivers of one's own network), proxies do not.
    trusted = httpx.create_ssl_context()
    try:
        async with (
            httpx.AsyncClient(
                trust_env=False, verify=trusted, follow_redirects=False, timeout=SECONDS, limits=limits
            ) as client,
            client.stream(
                "POST", url, headers=headers, content=body, extensions={"sni_hostname": target.host}
            ) as answer,
        ):
            return answer.status_code
    except httpx.HTTPError as error:
        raise NotSent(_failure_by(error)) from error


def _failure_by(error: BaseException) -> DeliveryFailure:
    if isinstance(error, httpx.TimeoutException):
        return DeliveryFailure.TIMEOUT
    return DeliveryFailure.INSECURE if any(_is_tls(one) for one in _causes(error)) else DeliveryFailure.UNREACHABLE


def _is_tls(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _failure_of(status: int) -> DeliveryFailure:
    if _MORE <= status < _REFUSED:
        return DeliveryFailure.REDIRECTED
    return DeliveryFailure.RECEIVER_FAILED if status >= _FAILED else DeliveryFailure.REJECTED
