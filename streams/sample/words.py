"""Sentences put together from parts, so that hundreds of people don't say the same. All parts live in `data/*.yaml`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from streams.sample.dice import Dice

_SLOT = re.compile(r"\{(\w+)\}")
_LONE_I = re.compile(r"\bi\b(?!\.)")
VOICES = ("plain", "plain", "tidy", "hurried", "bright")
_BRIGHT = ("", "", " :)", " 😊", " 🙈", " x", " lol", " 😅")


@cache
def data(name: str) -> Any:
    """One file of `data/`, read once."""
    return yaml.safe_load(files("streams.sample").joinpath("data", f"{name}.yaml").read_text("utf-8"))


@cache
def _slots() -> Mapping[str, Sequence[str]]:
    return {**data("slots"), "relative_short": data("everyday")["relative_short"]}


def filled(template: str, dice: Dice) -> str:
    """A template with each `{slot}` replaced by one of its parts, whose own slots are filled too."""

    def part(match: re.Match[str]) -> str:
        return filled(dice.pick(_slots()[match[1]]), dice)

    return _SLOT.sub(part, template)


def voiced(text: str, voice: str, dice: Dice) -> str:
    """The same words as this person types them: with capitals, without apostrophes, or with a smiley."""
    if voice == "tidy":
        text = _LONE_I.sub("I", text)
        return text[:1].upper() + text[1:] + ("" if text[-1:] in "?!.]" else ".")
    if voice == "hurried":
        return text.replace("'", "")
    return text + dice.pick(_BRIGHT) if voice == "bright" else text


def post(dice: Dice, voice: str) -> str:
    """One everyday post: an opening now and then, one to three sentences of a theme, a closing now and then."""
    book = data("everyday")
    sentences = dice.shuffled(book["themes"][dice.pick(sorted(book["themes"]))])[: dice.whole(1, 3)]
    joint = ". " if voice == "tidy" else dice.pick((". ", ", ", " and "))
    opener, closer = dice.pick(book["openers"]), dice.pick(book["closers"])
    parts = (opener, joint.join(sentences) + ("." if closer else ""), closer)
    return voiced(filled(" ".join(part for part in parts if part), dice), voice, dice)


def reply(dice: Dice, voice: str) -> str:
    """One everyday answer to somebody else's post."""
    return voiced(filled(dice.pick(data("everyday")["replies"]), dice), voice, dice)


def chat(dice: Dice, voice: str) -> list[tuple[str, str]]:
    """One ordinary conversation of the text line, as `(sender, text)` turns: the texter's words and a volunteer's in turn."""
    book = data("chats")
    lines = dice.shuffled(book["problems"][dice.pick(sorted(book["problems"]))])[: dice.whole(3, 5)]
    asked = [book["greetings"], *[book["follow_ups"]] * (len(lines) - 1)]
    turns = [("texter", voiced(filled(lines[0], dice), voice, dice))]
    for question, line in zip(asked, [*lines[1:], dice.pick(book["thanks"])], strict=True):
        turns.append(("volunteer", filled(dice.pick(question), dice)))
        turns.append(("texter", voiced(filled(line, dice), voice, dice)))
    return [*turns, ("volunteer", filled(dice.pick(book["goodbyes"]), dice))]
