"""Short lists of words in code; whatever a newcomer may want to add to is in the data files instead."""


def listed(words: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(words.split())
