"""From a source record to what is written about it: the one path that the worker, `assess` and the simulation share."""
