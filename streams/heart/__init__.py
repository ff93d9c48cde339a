"""The worker's heart: records are handed over, judged, written, remembered and committed in an order that cannot lose one."""
