"""A person's events in order of time, in pages, so that a late one finds its place (S4)."""
