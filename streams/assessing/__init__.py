"""The same judgement without Kafka: records in as JSON lines, records out as JSON lines."""
