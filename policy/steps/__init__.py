"""One module a kind of record: what it changes and what it leads to."""
