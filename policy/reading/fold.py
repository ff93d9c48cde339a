"""Folding: any Unicode to plain lower case, with the way back to the places of the text as it came."""

import unicodedata
from dataclasses import dataclass

_SPREAD = "\x01"  # stands for a character that folds to none or several: only then is a map of places needed
_PICTURE_FROM = 0x2190  # arrows, dingbats, emoji: kept as they are, each a word of its own
_PUNCTUATION = "'.,!?;:()\"-*$@#\n[]<>/|&%£=+_~"
_ALIKE = str.maketrans(
    # look-alike letters of other alphabets, then quotation marks, dashes and stops of other keyboards
    "аеорсухіјѕԁһԛԝԍвкмтнзиьлѵαβεικνορτυχωγησđłøıħɡɑⅼ’‘ʼ`´“”„«»–—−…。，！？；：\r\u2028\u2029",  # noqa: RUF001 the ambiguous characters are the point
    "aeopcyxijsdhqwgbkmth3ublvabeiknoptuxwynsdloihgal'''''\"\"\"\"\"---..,!?;:\n\n\n",
)
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 " + _PUNCTUATION)


def _fold_one(character: str) -> str:
    """One character as plain lower case: several, one, or none (a combining mark)."""
    lowered = character.lower().translate(_ALIKE)
    if lowered in _KEPT:
        return lowered
    if character in "\ufe0f\ufe0e" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return " "  # how an emoji looks, not what it says
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    spread = unicodedata.normalize("NFKD", character).lower().translate(_ALIKE)
    plain = "".join(c for c in spread if c in _KEPT)
    if plain:
        return plain
    return character if ord(character) >= _PICTURE_FROM and unicodedata.category(character)[0] == "S" else " "


class _Table(dict[int, str]):
    """A translation table that learns each character when it is first met."""

    def __init__(self, *, words_only: bool) -> None:
        super().__init__()
        self._words_only = words_only

    def __missing__(self, code: int) -> str:
        folded = _fold_one(chr(code))
        if self._words_only and folded in _PUNCTUATION and folded != "'":
            folded = " "
        self[code] = folded if len(folded) == 1 else _SPREAD
        return self[code]


_PLAIN = _Table(words_only=False)
_WORDS = _Table(words_only=True)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in plain lower case; `places` leads back to code points of the original, None where they are the same."""

    text: str
    places: list[int] | None

    def start(self, index: int) -> int:
        """The original code point at which the folded character `index` begins."""
        return index if self.places is None else self.places[index]

    def end(self, index: int) -> int:
        """The original code point after the folded character before `index`."""
        return index if self.places is None else self.places[index - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text, keeping punctuation and one code point for one wherever that is possible."""
    plain = text.translate(_PLAIN)
    if _SPREAD not in plain:
        return Folded(plain, None)
    characters, places = [], []
    for index, character in enumerate(plain):
        for piece in _fold_one(text[index]) if character == _SPREAD else character:
            characters.append(piece)
            places.append(index)
    return Folded("".join(characters), places)


def words_of(text: str) -> str:
    """The words of a text between single blanks at best, apostrophes gone: for a first look, without places."""
    words = text.translate(_WORDS)
    if _SPREAD in words:
        words = fold(text).text.translate(_WORDS)
    return words.replace("'", "") if "'" in words else words
