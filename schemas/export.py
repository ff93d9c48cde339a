"""JSON Schema 2020-12 of every record, and the AsyncAPI 3.0 document, as the text of the files that are committed beside this module."""

import json
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from schemas.asyncapi import document
from schemas.catalogue import CHANNELS, Channel, name_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ASYNCAPI = "asyncapi.yaml"


class _Generate(GenerateJsonSchema):
    """As pydantic's, without what says nothing (titles made of names) and what is no JSON Schema (OpenAPI's `discriminator`)."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a title made from a field's name repeats it."""
        del schema
        return False

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Without `discriminator`, at which strict validators stop; each member's constant `kind` says as much."""
        made = super().tagged_union_schema(schema)
        made.pop("discriminator", None)
        return made


def json_schema(channel: Channel) -> dict[str, Any] | None:
    """The schema of a topic's record; None where its bytes are passed on unchanged. What is written always carries every field."""
    if channel.model is None:
        return None
    mode: JsonSchemaMode = "validation" if channel.read else "serialization"
    made = channel.model.model_json_schema(mode=mode, schema_generator=_Generate)
    name = name_of(channel.model)
    return {"$schema": DIALECT, "$id": f"urn:vigil:{name.replace('/', ':')}", **made, "title": name}


def files() -> Mapping[str, str]:
    """Every generated file: its path below `schemas/`, and its text."""
    texts = {}
    for channel in CHANNELS:
        made = json_schema(channel)
        if made is not None:
            texts[path_of(made["title"])] = json.dumps(made, indent=2) + "\n"
    return {**texts, ASYNCAPI: yaml.safe_dump(document(), sort_keys=False, width=120)}


def path_of(name: str) -> str:
    """Where the JSON Schema of a record lies, below `schemas/`."""
    return f"json/{name.replace('/', '-')}.json"
