"""The heart with clock, brokers and disk behind ports: one thread, one seed."""
