"""Vigil's tests. A package, so that `tests.support` is importable from tests, benchmarks and plain scripts alike."""
