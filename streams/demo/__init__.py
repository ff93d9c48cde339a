"""The demo: the real worker on a broker inside this process, a made-up stream, and what comes out, live."""
