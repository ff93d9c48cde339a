"""Proofs over the whole space of facts: what a policy version can never do, and whether it is so."""
