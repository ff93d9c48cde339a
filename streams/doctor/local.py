"""What can be looked at without a broker: the settings, and the folder for state."""

import os
from pathlib import Path

from streams.doctor.finding import Finding
from streams.settings import Settings


def settings(given: Settings) -> list[Finding]:
    """Settings that a worker could not start with, and those that an operator should know of."""
    findings = []
    if given.merger_at is None:
        findings.append(Finding("settings", "problem", "`VIGIL_MERGER_AT` is not set: no worker starts without it"))
    if given.hash_key is None:
        findings.append(Finding("settings", "note", "`VIGIL_HASH_KEY` is not set: whoever reads the state can test guesses at sentences"))
    if given.allow_unreplicated:
        findings.append(Finding("settings", "note", "`VIGIL_ALLOW_UNREPLICATED=1`: a broker's disk lost is everything lost"))
    if given.security_protocol == "SASL_PLAINTEXT":
        findings.append(Finding("settings", "note", "`VIGIL_SECURITY_PROTOCOL` is `SASL_PLAINTEXT`: what is said travels in the clear"))
    return findings or [Finding("settings", "ok", "as a worker needs them")]


def state(given: Settings) -> Finding:
    """Whether the state's folder can be written; where it is not there yet, whether it can be made."""
    place = given.state_dir.absolute()
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding("state", "problem", f"`{place}` can't be written: change its owner, or `VIGIL_STATE_DIR`")
    return Finding("state", "ok", f"`{place}` can be written{_missing(place)}")


def _missing(place: Path) -> str:
    return "" if place.exists() else " (it will be made)"
