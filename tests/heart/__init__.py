"""Tests of the heart: its parts, simulated, and in whole workers."""
