import re
from pathlib import Path

from streams.metrics.dashboard import LABELS, ROWS, families

PAGE = (Path(__file__).parents[3] / "docs" / "watching.md").read_text(encoding="utf-8")


def test_every_metric_is_documented_as_it_is() -> None:
    """docs/watching.md lists each metric with its type, its labels and its own help text, in the dashboard's order."""
    known = families()
    wanted = []
    for name in (name for names in ROWS.values() for name in names):
        labels = ", ".join(f"`{label}`" for label in LABELS.get(name, ()) if label != "instance")
        shown = f"{name}_total" if known[name].type == "counter" else name
        wanted.append(f"| `{shown}` | {known[name].type} | {labels} | {known[name].documentation} |")
    assert [line for line in PAGE.splitlines() if line.startswith("| `vigil_")] == wanted


def test_every_event_of_ours_is_documented() -> None:
    """Each name under which the code logs stands in the page's table of events, and no other does."""
    streams = Path(__file__).parents[3] / "streams"
    logged = {
        name
        for path in streams.rglob("*.py")
        for name in re.findall(r'(?:debug|info|warning|error|exception)\(\s*"([a-z_]+\.[a-z_.]+)"', path.read_text(encoding="utf-8"))
    }
    table = PAGE.partition("| event | means |")[2].partition("\n\n")[0]
    documented = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", table))
    assert documented == logged | {"library.spoke", "event.unnamed"}
