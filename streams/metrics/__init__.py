"""What is counted, by Prometheus' conventions. No label holds a person, an id or a text: all come from closed sets of our own."""
