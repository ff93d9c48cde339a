"""The AsyncAPI 3.0 document: which topics there are, what travels on each, and who sends it. Seen from Vigil: it receives what it reads."""

from typing import Any

from schemas.catalogue import CHANNELS, Channel, name_of

JSON_SCHEMA = "application/schema+json;version=draft-2020-12"
BINDING = "0.5.0"
TEXT = {"type": "string"}
CLOUD_EVENTS = ("ce_id", "ce_source", "ce_type", "ce_time", "ce_specversion", "content-type")
SET_ASIDE = ("reason", "field", "topic", "partition", "offset", "attempts")


def document() -> dict[str, Any]:
    """The whole document. A record's payload is told by reference to its JSON Schema, a file beside this document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Vigil",
            "version": "1.0.0",
            "description": "Judges posts and messages by one confidentiality policy and recommends, with reasons, to people who act.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.topic: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {"messages": {name: message for channel in CHANNELS for name, message in _messages(channel).items()}},
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": f"{{prefix}}{channel.topic}",
        "description": f"{_sentence(channel.description)} Written by {channel.writer}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(channel)},
        "parameters": {"prefix": {"description": "What all topic names begin with, a setting.", "default": "vigil."}},
    }


def _operation_name(channel: Channel) -> str:
    return f"{'receive' if channel.read else 'send'}-{channel.topic}"


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": "receive" if channel.read else "send",
        "channel": {"$ref": f"#/channels/{channel.topic}"},
        "summary": _sentence(channel.description),
    }


def _messages(channel: Channel) -> dict[str, dict[str, Any]]:
    if channel.model is None:
        return {"dead-letter": _dead_letter(channel)}
    name = name_of(channel.model)
    made = {name.replace("/", "-"): _message(channel, name)}
    return {**made, "erasure": _erasure(channel)} if channel.topic == "profiles" else made


def _message(channel: Channel, name: str) -> dict[str, Any]:
    told = {"name": name, "title": name, "contentType": "application/json"}
    headers = {} if channel.read else {"headers": _headers(CLOUD_EVENTS, ("traceparent",))}
    payload = {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"json/{name.replace('/', '-')}.json"}}
    return {**told, **headers, "payload": payload, "bindings": _key(channel)}


def _erasure(channel: Channel) -> dict[str, Any]:
    summary = "A null value: the person named by the key is to be forgotten."
    return {"name": "erasure", "title": "erasure", "summary": summary, "payload": {"type": "null"}, "bindings": _key(channel)}


def _dead_letter(channel: Channel) -> dict[str, Any]:
    return {
        "name": "dead-letter",
        "title": "dead letter",
        "summary": "The record's own bytes and headers, unchanged, and headers that say why and from where.",
        "contentType": "application/octet-stream",
        "headers": _headers(tuple(f"vigil.error.{name}" for name in SET_ASIDE), ()),
        "bindings": _key(channel),
    }


def _headers(always: tuple[str, ...], sometimes: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys((*always, *sometimes), TEXT), "required": list(always)}


def _key(channel: Channel) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": channel.key}, "bindingVersion": BINDING}}


def _sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."
