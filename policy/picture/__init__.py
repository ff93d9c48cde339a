"""What adds up about a person over time: facts by person at risk, kind and ref, the newest word first (O3)."""
