"""What would have changed a decision: its situation rebuilt from what it records, changed as little as can be, and judged again."""
