"""Readings on the command line: texts in, facts out, and how well."""
