"""The rulebook in plain English, for people who answer for it and don't program."""
