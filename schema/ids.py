"""Global ids: opaque, versioned, signed. They hold the node's type, its shard and its key.

A forged or damaged id is told at once (BAD_USER_INPUT); a genuine one of a foreign tenant runs the same look-up as any
other and finds nothing. The signature is keyed by the installation's secret, which never leaves it.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from dataclasses import dataclass
from uuid import UUID

from core.errors import BadUserInput

VERSION = 1
SIGNATURE_BYTES = 6
HEADER_BYTES = 7


@dataclass(frozen=True, slots=True)
class GlobalId:
    """What an id holds. `key` is a UUID for sharded nodes, a text code for reference data (whose shard is 0)."""

    type_name: str
    shard: int
    key: UUID | str


def type_number(name: str) -> int:
    """The two bytes that stand for a type in its ids: stable as long as the type keeps its name."""
    return zlib.crc32(name.encode()) & 0xFFFF


class IdCodec:
    """Writes and reads ids; and gives the SQL by which PostgreSQL writes the same ones."""

    def __init__(self, secret: bytes, sharded: frozenset[str], reference: frozenset[str]) -> None:
        self._secret = secret
        self._sharded = sharded
        self._types = {type_number(name): name for name in sharded | reference}
        if len(self._types) != len(sharded) + len(reference):
            raise ValueError("two node types have the same type number: rename one")

    def header(self, type_name: str, shard: int) -> bytes:
        """The bytes before the key."""
        return bytes([VERSION]) + type_number(type_name).to_bytes(2, "big") + shard.to_bytes(4, "big")

    def seed(self, type_name: str, shard: int) -> bytes:
        """What is hashed before the key: the secret and the header."""
        return self._secret + self.header(type_name, shard)

    def _sign(self, header: bytes, key: bytes) -> bytes:
        return hashlib.sha256(self._secret + header + key).digest()[:SIGNATURE_BYTES]

    def encode(self, type_name: str, shard: int, key: UUID | str) -> str:
        """The id of a node."""
        header = self.header(type_name, shard)
        raw = key.bytes if isinstance(key, UUID) else key.encode()
        return (header + raw + self._sign(header, raw)).hex()

    def decode(self, text: str, field: str = "id") -> GlobalId:
        """What an id holds; `BadUserInput` naming the field if it is none of ours."""
        malformed = BadUserInput(f"{field} is not an id of this server", f"{field} 不是本系统的标识", field=field)
        if not text.isascii() or not HEADER_BYTES * 2 < len(text) <= 200:  # noqa: PLR2004 - far longer than any id
            raise malformed
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            raise malformed from None
        header, key, signature = raw[:HEADER_BYTES], raw[HEADER_BYTES:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        name = self._types.get(int.from_bytes(header[1:3], "big"))
        genuine = hmac.compare_digest(self._sign(header, key), signature)
        if header[0] != VERSION or name is None or not genuine:
            raise malformed
        shard = int.from_bytes(header[3:], "big")
        return GlobalId(name, shard, UUID(bytes=key) if name in self._sharded else key.decode())

    def decode_as(self, text: str, type_name: str, field: str) -> GlobalId:
        """The same, refusing an id of another type."""
        found = self.decode(text, field)
        if found.type_name != type_name:
            raise BadUserInput(
                f"{field} is the id of a {found.type_name}, not of a {type_name}",
                f"{field} 是 {found.type_name} 的标识，应为 {type_name} 的标识",
                field=field,
            )
        return found


def uuid_id_sql(key: str, header: str, seed: str) -> str:
    """SQL that writes the id of a row with a UUID key; `header` and `seed` are bound bytea."""
    signature = f"substr(sha256({seed} || uuid_send({key})), 1, {SIGNATURE_BYTES})"
    return f"encode({header} || uuid_send({key}) || {signature}, 'hex')"


def text_id_sql(key: str, header: str, seed: str) -> str:
    """SQL that writes the id of a reference row with a text key."""
    raw = f"convert_to({key}::text, 'UTF8')"
    return f"encode({header} || {raw} || substr(sha256({seed} || {raw}), 1, {SIGNATURE_BYTES}), 'hex')"
