"""Spellings: slips of the finger, letters that stretch, letters behind digits and signs, letters spaced out."""

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import islice, product

from policy.reading.lists import listed

# Words that matter most and are often mistyped. Only these: of a short or common word, a slip is often another word.
_OFTEN_MISTYPED = frozenset(
    listed(
        "suicide suicidal myself killing paracetamol overdose pregnant tonight tomorrow ibuprofen everything thoughts hurting "
        "yourself himself herself tablets homeless sertraline fluoxetine antidepressants thinking stepdad scared bleeding bottle "
        "ideation planning actively friday saturday sunday monday tuesday wednesday thursday weekend pills doctor punched boyfriend "
        "girlfriend teacher touched touches forced abused swallowed bruises nowhere sleeping evicted planned raped pregnancy attempt"
    )
)
_OTHER_WORDS = frozenset(listed("tables hosted tablet thinning killings sacred seared scarred scard breeding bleding meself"))
_HIDDEN = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "!": "i", "|": "l", "$": "s", "@": "a", "+": "t", "&": "a",
}  # fmt: skip
_UNKNOWN = "*#_-."
_SHORT = 4  # letters of a word that loses too much with one of them
_TRIES = 64  # ways to read the signs of one word


def misspellings(words: Iterable[str], known: Container[str]) -> Iterator[str]:
    """Each word, followed by its likely slips that are no known words themselves."""
    for word in words:
        yield word
        if word in _OFTEN_MISTYPED:
            yield from (slip for slip in _slips(word) if slip not in _OTHER_WORDS and slip not in known)


def _slips(word: str) -> Iterator[str]:
    for index in range(1, len(word)):
        if index + 1 < len(word) and len(word) > _SHORT:  # without its last letter a word is often another form of itself
            yield word[:index] + word[index + 1 :]
        yield word[:index] + word[index] + word[index:]
        if index + 1 < len(word):
            yield word[:index] + word[index + 1] + word[index] + word[index + 2 :]


def shortened(word: str) -> Iterator[str]:
    """A word with stretched letters as it may have been meant: `diiie` as `diie` and `die`."""
    runs: list[tuple[str, int]] = []
    for letter in word:
        if runs and runs[-1][0] == letter:
            runs[-1] = (letter, runs[-1][1] + 1)
        else:
            runs.append((letter, 1))
    once = "".join(letter if length > 2 else letter * length for letter, length in runs)  # noqa: PLR2004 three in a row is no spelling
    yield once
    yield "".join(letter * min(length, 2) for letter, length in runs)
    yield "".join(letter for letter, _ in runs)


def unhidden(word: str, knows: Callable[[str], bool]) -> str | None:
    """The known word behind digits and signs (`k1ll`, `su!c!de`), or None."""
    options = [_HIDDEN.get(letter, letter) for letter in word]
    for letters in islice(product(*options), _TRIES):
        candidate = "".join(letters)
        if candidate != word and knows(candidate):
            return candidate
    return None


def unmasked(word: str, secret: Iterable[str]) -> str | None:
    """The one word of `secret` that a masked word (`k*ll`, `su****e`) can only be, or None: a mask is unknown, never safe."""
    fits = [known for known in secret if len(known) == len(word) and all(a == b or a in _UNKNOWN for a, b in zip(word, known, strict=True))]
    return fits[0] if fits and any(letter not in _UNKNOWN for letter in word) else None
