import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import schemas
from schemas.asyncapi import document
from schemas.catalogue import CHANNELS, WRITTEN, name_of
from schemas.export import ASYNCAPI, files, json_schema

HERE = Path(schemas.__file__).parent
TEXTS = files()
MADE = {channel.topic: made for channel in CHANNELS if (made := json_schema(channel)) is not None}
ALLOWED = {
    "root": {"asyncapi", "info", "defaultContentType", "channels", "operations", "components"},
    "channel": {"address", "description", "messages", "parameters"},
    "operation": {"action", "channel", "summary"},
    "message": {"name", "title", "summary", "contentType", "headers", "payload", "bindings"},
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_committed_file_is_what_the_models_say(name: str) -> None:
    """Whoever reads the repository reads the truth; if this fails, run `vigil schemas export` and commit."""
    assert (HERE / name).read_text(encoding="utf-8") == TEXTS[name]


def test_no_file_is_left_of_a_record_that_is_gone() -> None:
    """Every JSON Schema in the folder is one of ours."""
    assert {f"json/{path.name}" for path in (HERE / "json").iterdir()} | {ASYNCAPI} == set(TEXTS)


@pytest.mark.parametrize("topic", MADE)
def test_each_is_a_json_schema_of_2020_12(topic: str) -> None:
    """It passes the dialect's own schema, and every reference in it leads somewhere."""
    Draft202012Validator.check_schema(MADE[topic])
    for reference in _references(MADE[topic]):
        assert _found(MADE[topic], reference) is not None, reference


@pytest.mark.parametrize("topic", WRITTEN)
def test_what_is_written_is_closed_and_whole_at_every_depth(topic: str) -> None:
    """A consumer may rely on every field being there and on no other; only a picture's facts have names of their own."""
    for node in _nodes(MADE[topic]):
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False, node["title"]
            assert set(node["required"]) == set(node["properties"]), node["title"]


def test_what_is_read_is_open_at_its_top_and_closed_in_its_concerns() -> None:
    """The schema tells a publisher what the contract does."""
    for channel in CHANNELS:
        if channel.read:
            assert "additionalProperties" not in MADE[channel.topic]
            assert all(
                node["additionalProperties"] is False for node in MADE[channel.topic].get("$defs", {}).values() if "properties" in node
            )


def test_the_asyncapi_document_has_the_shape_of_3_0() -> None:
    """Each object has fields of the specification only, and those that it requires."""
    made = yaml.safe_load(TEXTS[ASYNCAPI])
    assert made == document()
    assert set(made) == ALLOWED["root"]
    assert made["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(made["info"])
    assert all(set(each) <= ALLOWED["channel"] and each["address"] for each in made["channels"].values())
    assert all(set(each) <= ALLOWED["operation"] and each["action"] in {"send", "receive"} for each in made["operations"].values())
    assert all(set(each) <= ALLOWED["message"] and each["name"] for each in made["components"]["messages"].values())


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    """Inside the document, or to a JSON Schema that is exported beside it."""
    made = document()
    references = list(_references(made))
    assert len(references) > 2 * len(CHANNELS)
    for reference in references:
        assert _found(made, reference) is not None if reference.startswith("#") else json.loads(TEXTS[reference])


def test_the_asyncapi_document_has_each_topic_once_from_the_right_side() -> None:
    """Vigil receives what it reads and sends what it writes; a profile's channel also carries erasures."""
    made = document()
    assert list(made["channels"]) == [channel.topic for channel in CHANNELS]
    actions = {each["channel"]["$ref"].rpartition("/")[2]: each["action"] for each in made["operations"].values()}
    assert actions == {channel.topic: "receive" if channel.read else "send" for channel in CHANNELS}
    assert set(made["channels"]["profiles"]["messages"]) == {"profile-1", "erasure"}


def test_every_record_has_a_schema_and_a_topic_of_its_own() -> None:
    """No two topics carry the same name, and all that can be written has a topic."""
    names = [name_of(channel.model) for channel in CHANNELS if channel.model is not None]
    assert len(names) == len(set(names)) == 12
    assert set(WRITTEN) == {channel.topic for channel in CHANNELS if not channel.read and channel.model is not None}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(item)


def _references(value: Any) -> Iterator[str]:
    return (node["$ref"] for node in _nodes(value) if isinstance(node.get("$ref"), str))


def _found(root: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        root = root.get(step) if isinstance(root, dict) else None
    return root
