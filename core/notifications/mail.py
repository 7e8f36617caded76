"""E-mail (电子邮件) by SMTP. A repeat has the same Message-ID, by which mail programs and archives recognise it.

`smtps://` speaks TLS from the start, `smtp://` by STARTTLS and not at all without it; `smtp+plain://` is for a relay on the same
machine. Certificates are verified (`SSL_CERT_FILE` names authorities of one's own).
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from core.clock import Clock
from core.notifications.channel import EMAIL, EMAIL_ADDRESS, Channel, DeliveryFailure, NotSent, Parcel

_FOR_GOOD: Final = 500
PORTS: Final = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """邮件服务器: where mail is handed over, and who we say that we are."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    domains: frozenset[str] = frozenset()
    """Domains that mail may go to; empty for all."""
    seconds: float = 20.0

    @classmethod
    def parse(cls, url: str, sender: str, domains: frozenset[str], seconds: float) -> Self:
        """From `smtps://user:password@host:465`; `ValueError` for anything else. The message never quotes the URL."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("the SMTP URL is not smtps://, smtp:// or smtp+plain:// with a host")
        if "@" not in parseaddr(sender)[1]:
            raise ValueError("the sender of mail is no address")
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname, port, user, password, sender, domains, seconds)

    def channel(self, clock: Clock) -> Channel:
        """The channel by this server."""

        async def send(parcel: Parcel) -> None:
            await self._send(parcel, self.message(parcel, clock))

        return Channel(EMAIL, "电子邮件", "e-mail", EMAIL_ADDRESS, "电子邮箱地址", send, self.seconds)

    def message(self, parcel: Parcel, clock: Clock) -> EmailMessage:
        """The mail: plain text, with the parcel's id in its Message-ID."""
        name, address = parseaddr(self.sender)
        domain = address.rpartition("@")[2]
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = Address(name, addr_spec=address)
        mail["To"] = Address(addr_spec=parcel.address)
        mail["Subject"] = parcel.title
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{parcel.id.hex}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if any(letter.urgent for letter in parcel.letters):
            mail["Importance"] = "high"
        mail.set_content(parcel.body, charset="utf-8")
        return mail

    async def _send(self, parcel: Parcel, mail: EmailMessage) -> None:
        domain = parcel.address.rpartition("@")[2].lower()
        if self.domains and domain not in self.domains:
            raise NotSent(DeliveryFailure.ADDRESS_NOT_ALLOWED, final=True)
        try:
            await aiosmtplib.send(
                mail,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.scheme == "smtps",
                start_tls=self.scheme == "smtp",
                timeout=self.seconds,
                tls_context=ssl.create_default_context() if self.scheme != "smtp+plain" else None,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _failure(error) from error


def _failure(error: Exception) -> NotSent:
    """What went wrong, without the server's words: they may quote the message.

    Only a recipient can be refused for good (5xx; a full mailbox is 4xx): anything else may be the operator's to mend.
    """
    match error:
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return NotSent(DeliveryFailure.TIMEOUT)
        case aiosmtplib.SMTPRecipientsRefused(recipients=[first, *_]):
            return NotSent(DeliveryFailure.ADDRESS_REFUSED, final=first.code >= _FOR_GOOD)
        case aiosmtplib.SMTPResponseException():
            return NotSent(DeliveryFailure.REJECTED)
        case ssl.SSLError() | aiosmtplib.SMTPConnectError(__cause__=ssl.SSLError()):
            return NotSent(DeliveryFailure.INSECURE)
        case aiosmtplib.SMTPException() if "STARTTLS" in str(error):
            return NotSent(DeliveryFailure.INSECURE)
        case _:
            return NotSent(DeliveryFailure.UNREACHABLE)
