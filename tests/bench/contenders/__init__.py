"""What the pipeline bench compares, each a program of its own."""
