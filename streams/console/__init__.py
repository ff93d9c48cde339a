"""The page for operators and responders: what waits, the lag, decisions and dead letters. Reads and writes nothing else."""
