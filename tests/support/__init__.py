"""What tests share: a real Kafka (`kafka`), the broker inside librdkafka (`embedded`), and pytest's fixtures (`plugin`)."""
