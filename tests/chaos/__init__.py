"""Minutes of faults on real brokers: `make chaos`."""
