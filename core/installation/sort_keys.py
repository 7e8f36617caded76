"""Pinyin sort keys of all tenants' names, reckoned once and shipped: reckoning them takes two seconds, reading them a tenth.

`python -m core.installation.sort_keys` writes the file anew after the divisions have changed; a test holds the two together.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

from core.reference.pinyin import pinyin_key
from core.reference.readers import read_closed_divisions, read_divisions
from core.tenancy.hierarchy import Tenant, build_hierarchy

FILE = "sort_keys.txt.gz"


def shipped_sort_keys() -> dict[str, str]:
    """Name → sort key, as shipped."""
    text = gzip.decompress(files(__package__).joinpath("data", FILE).read_bytes()).decode()
    return dict(line.split("\t") for line in text.splitlines())


def computed_sort_keys(tenants: Iterable[Tenant]) -> dict[str, str]:
    """Name → sort key of these tenants, reckoned now."""
    return {name: pinyin_key(name) for name in sorted({tenant.name_zh for tenant in tenants})}


def shipped_or_computed() -> Callable[[str], str]:
    """A sort key for any name: the shipped one, else reckoned."""
    keys = shipped_sort_keys()
    return lambda name: keys.get(name) or pinyin_key(name)


def shipped_tenants() -> tuple[Tenant, ...]:
    """租户: the tenants of all of China, from the shipped divisions."""
    return build_hierarchy(read_divisions(), read_closed_divisions(), sort_key=shipped_or_computed())


def write(path: Path) -> None:
    """Write the file; the same keys always give the same bytes."""
    keys = computed_sort_keys(build_hierarchy(read_divisions(), read_closed_divisions(), sort_key=str))
    text = "".join(f"{name}\t{key}\n" for name, key in keys.items())
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    write(Path(__file__).parent / "data" / FILE)
