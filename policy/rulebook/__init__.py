"""The rulebook: clauses as values, one module a section of the policy."""
