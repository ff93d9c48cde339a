"""What two policy versions judge differently, completely and in few sentences."""
