"""A marker in every field, through every error path: in no log, metric, header, trace or page, and in no command's complaint."""

import json
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.e2e.vigil import OUTPUTS, VIGIL, Vigil, stop
from tests.support.plugin import SharedKafka
from tests.support.ports import free_ports

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
WORDS, WHO = "MARKERwords7c1f", "MARKERwho7c1f"
"""What somebody wrote, wherever a publisher could put it; and ids, which outputs carry, and pages show, and nothing else may."""
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
Made = tuple[str, str | None, bytes | None]


def value(schema: str, person: str, event: str, **fields: Any) -> dict[str, Any]:
    """A record whose free fields are all marked."""
    shared = {"schema": schema, "person_id": person, "event_id": event, "occurred_at": NOW, WORDS: WORDS}
    given: dict[str, dict[str, Any]] = {
        "post/1": {"kind": "created", "post_id": f"{WHO}p", "thread_id": f"{WHO}t", "text": f"i took too many pills {WORDS}"},
        "message/1": {"conversation_id": f"{WHO}c", "sender": "texter", "text": f"i took too many pills {WORDS}"},
        "profile/1": {"date_of_birth": "2010-01-01", "reachable": True, "updated_at": NOW},
        "assessment/1": {"about_event_id": event, "assessor_id": f"{WHO}a"},
        "response/1": {"alert_id": f"{WHO}x", "responder_id": f"{WHO}r", "state": "acknowledged", "reason": WORDS, "what": [WORDS]},
    }
    return {name: content for name, content in (shared | given[schema] | fields).items() if content is not ...}


def fine() -> list[Made]:
    """What is judged: an emergency on each service, an assessment, a profile, a response to what nobody knows."""
    about = [{"kind": "overdose", "taken": "yes", "person_at_risk": {"relation": "sibling", "ref": f"{WHO}ref"}}]
    records = [
        ("profiles", value("profile/1", f"{WHO}1", "unused", event_id=..., occurred_at=...)),
        ("posts", value("post/1", f"{WHO}1", f"{WHO}e1")),
        ("messages", value("message/1", f"{WHO}1", f"{WHO}e2", concerns=about)),
        ("assessments", value("assessment/1", f"{WHO}1", f"{WHO}e3", concerns=[{"kind": "other", "immediate_risk": "yes"}])),
        ("responses", value("response/1", f"{WHO}1", f"{WHO}e4")),
    ]
    return [(topic, f"{WHO}1", json.dumps(content).encode()) for topic, content in records]


def broken() -> Iterator[Made]:
    """Every way for a record to be set aside, on every topic."""
    schemas = {
        "posts": "post/1",
        "messages": "message/1",
        "profiles": "profile/1",
        "assessments": "assessment/1",
        "responses": "response/1",
    }
    for number, (topic, schema) in enumerate(schemas.items()):
        person = f"{WHO}{number}"
        good = value(schema, person, f"{WHO}b{number}")
        bad: dict[str, Any] = {
            "schema": {**good, "schema": WORDS},
            "fact": {**good, "concerns": [{"kind": WORDS, WORDS: WORDS}]},
            "state": {**good, "state": WORDS, "kind": WORDS, "sender": WORDS, "date_of_birth": WORDS, "assurance": WORDS},
            "time": {**good, "occurred_at": WORDS, "updated_at": WORDS},
            "large": {**good, "text": WORDS * 300},
            "id": {**good, "event_id": f"{WORDS} {WORDS}", "person_id": person},
        }
        for content in bad.values():
            yield topic, person, json.dumps(content).encode()
        yield topic, person, f'{{"{WORDS}": "{WORDS}'.encode()
        yield topic, person, f'["{WORDS}", "\\ud800"]'.encode()
        yield topic, person, b"\xff" + WORDS.encode()
        yield topic, f"{WHO}other", json.dumps(good).encode()
        yield topic, None, json.dumps(good).encode()
        yield topic, f"{WHO} {WORDS}", json.dumps(good).encode()
    for text in ("one", "two"):  # the same id, said otherwise
        yield "messages", f"{WHO}9", json.dumps(value("message/1", f"{WHO}9", f"{WHO}twice", text=f"{text} {WORDS}")).encode()


def publish(kafka: SharedKafka, records: list[Made]) -> None:
    """Each with marked headers and a sampled trace; and each once more in a wrong partition, for the detour.

    `ce_source` names a publisher, and `vigil doctor` shows it: it is not marked.
    """
    producer = Producer(kafka.client() | {"partitioner": "murmur2_random"})
    headers: list[Any] = [
        (WORDS, WORDS.encode()),
        ("ce_type", WORDS.encode()),
        ("traceparent", TRACE.encode()),
        ("tracestate", WORDS.encode()),
    ]
    for number, (topic, key, content) in enumerate(records):
        producer.produce(kafka.topic(topic), content, key, headers=headers)
        producer.produce(kafka.topic(topic), content, key, partition=number % 2, headers=headers)
    assert producer.flush(30) == 0


class Spans:
    """A collector of ours: what a worker sends as OTLP over HTTP."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        outer = self

        class Take(BaseHTTPRequestHandler):
            """Take every body."""

            def do_POST(self) -> None:
                """Keep it and say yes."""
                outer.bodies.append(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def headers(vigil: Vigil) -> list[tuple[str, str, bytes]]:
    """All headers of all outputs: topic, name, content. A dead letter's own, for it keeps its publisher's."""
    consumer = Consumer(vigil.kafka.client() | {"group.id": f"{vigil.kafka.prefix}h", "enable.partition.eof": True})
    places = [TopicPartition(vigil.kafka.topic(topic), partition, 0) for topic in OUTPUTS for partition in range(vigil.partitions)]
    consumer.assign(places)
    found, ends = [], 0
    while ends < len(places):
        message = consumer.poll(10)
        assert message is not None
        if message.error() is not None:
            ends += 1
            continue
        topic = message.topic().removeprefix(vigil.kafka.prefix)
        own = [pair for pair in message.headers() or () if topic != "dead-letters" or pair[0].startswith("vigil.")]
        found += [(topic, name, content or b"") for name, content in own]
    consumer.close()
    return found


def get(port: int, path: str) -> str:
    """A page or what is exposed; empty where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            body: bytes = answer.read()
            return body.decode()
    except OSError:
        return ""


def pages(vigil: Vigil) -> tuple[str, str]:
    """All pages of the console, each decision's too, and what it tells Prometheus."""
    page, metrics = free_ports(2)
    console = vigil.start("console", log="console", VIGIL_CONSOLE_PORT=str(page), VIGIL_METRICS_PORT=str(metrics), VIGIL_POLL="1")
    end = time.monotonic() + 60
    while "up to date" not in get(page, "/").lower():
        assert time.monotonic() < end, vigil.logs()
        time.sleep(0.5)
    seen = {path: get(page, path) for path in ("/", "/lag", "/decisions", "/dead-letters", f"/{WORDS}", f"/decisions/{WORDS}")}
    for path in sorted(set(re.findall(r'href="(/decisions/[0-9a-f]+)"', seen["/decisions"])))[:10]:
        seen[path] = get(page, path)
    assert sum(path.startswith("/decisions/") for path in seen) > 1
    assert "By reason" in seen["/dead-letters"]
    exposed = get(metrics, "/metrics")
    assert stop(console) == 0
    return "".join(seen[path] for path in seen if WORDS not in path), exposed


COMMANDS = (
    ("inbox",),
    ("inbox", "--json"),
    ("lag", "--poll", "1"),
    ("doctor",),
    ("dead-letters", "list"),
    ("dead-letters", "list", "--json"),
    ("dead-letters", "show", "dead-letters/0/0"),
    ("dead-letters", "show", "dead-letters/1/0", "--json"),
    ("dead-letters", "redrive", "--reason", "not_json", "--as", "op-1", "--why", "mended"),
    ("explain", f"{WHO}e1", "--as", "op-1", "--why", "asked"),
    ("person", "export", f"{WHO}1", "--as", "op-1", "--why", "asked"),
    ("person", "erase", f"{WHO}1", "--as", "op-1", "--why", "asked"),
)
"""What reads the records; none is asked for anybody's words."""


def said(vigil: Vigil, *arguments: str, given: str = "") -> tuple[str, str]:
    """What a command writes, and what it complains of."""
    environment = vigil._environment({})
    done = run([VIGIL, *arguments], env=environment, capture_output=True, input=given, text=True, timeout=90, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout, done.stderr


def test_no_marker_comes_through(kafka: SharedKafka, tmp_path: Path) -> None:
    """Words are nowhere but in the values that a dead letter keeps; ids are in no log, metric, header, trace or complaint."""
    vigil, spans = Vigil(kafka, tmp_path, partitions=2), Spans()
    vigil.settings |= {"VIGIL_MAX_RECORD_BYTES": "2048", "VIGIL_LOG_LEVEL": "debug", "VIGIL_LOG_FORMAT": "json"}
    (port,) = free_ports(1)
    otel = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{spans.server.server_port}", "OTEL_BSP_SCHEDULE_DELAY": "200"}
    more = {"VIGIL_STATE_DIR": str(tmp_path / "state"), "VIGIL_METRICS_PORT": str(port)}
    worker = vigil.start("worker", log="worker", **more, **otel)
    publish(kafka, [*fine(), *broken()])
    vigil.wait([worker])
    exposed = get(port, "/metrics")
    reasons = set(re.findall(r'vigil_dead_letters_total{reason="(\w+)",topic="\w+"} [1-9]', exposed))
    assert reasons == {"not_json", "unknown_schema", "invalid", "too_large", "key_mismatch", "duplicate_id"}
    shown, counted = pages(vigil)
    assert stop(worker) == 0, vigil.logs()
    spans.server.shutdown()
    assert b"vigil judge" in b"".join(spans.bodies)

    logs = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "partitions.given" in logs
    silent = {"logs": logs, "metrics": exposed + counted, "traces": b"".join(spans.bodies).decode("latin-1")}
    silent |= {f"header {name} of {topic}": content.decode() for topic, name, content in headers(vigil)}
    assert [where for where, text in silent.items() if WORDS in text or WHO in text] == []
    assert WORDS not in shown
    for arguments in COMMANDS:
        written, complained = said(vigil, *arguments)
        assert (WORDS in written, WORDS in complained, WHO in complained) == (False, False, False), arguments
    outputs = vigil.read(*(topic for topic in OUTPUTS if topic != "dead-letters"))
    assert [topic for topic, _, content in outputs if WORDS.encode() in content] == []


def test_no_marker_is_in_what_a_file_command_complains_of(kafka: SharedKafka, tmp_path: Path) -> None:
    """Lines that can't be used are named by their number, never quoted."""
    vigil = Vigil(kafka, tmp_path, partitions=1)
    for line in (f'{{"{WORDS}', f'["{WORDS}"]', f'{{"topic": "{WORDS}", "value": "{WORDS}"}}', f'{{"id": "{WORDS}", "text": 7}}'):
        for arguments in (
            ("assess", "-"),
            ("reader", "read", "-"),
            ("reader", "negation", "-"),
            ("replay", "-"),
            ("explain", "e1", "--file", "-"),
        ):
            _, complained = said(vigil, *arguments, given=line + "\n")
            assert WORDS not in complained, (arguments, complained)
