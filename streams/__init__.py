"""The shell: Kafka, Faust, settings and the command line around the pure policy."""
