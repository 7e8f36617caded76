"""Sort keys for Chinese names: the order of the dictionary (拼音, then tone), kept as ASCII text.

The database compares bytes (no ICU), so the key is stored beside the name.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def pinyin_key(name: str) -> str:
    """The syllables of a name with their tones: 广州市 → `guang3 zhou1 shi4`.

    Read as phrases, so 重庆 is chong2 qing4 and 番禺 is pan1 yu2. Characters without a reading stand for themselves.
    A space sorts before every letter: 西安 (xi1 an1) comes before 县 (xian4).
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # its tables cost 0.2 s, which most commands need not pay

    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)).casefold()
