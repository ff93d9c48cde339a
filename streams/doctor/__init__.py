"""Is this deployment as it should be? Looks at settings, brokers, topics, rights, clocks, publishers and the group; changes nothing."""
