"""How far behind every consumer group is, seen from the broker alone: describes, never reads or writes a record."""
