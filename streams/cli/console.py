"""`vigil console`: the page for operators and responders."""

import asyncio
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from streams.cli.options import settings_option
from streams.settings import load


@click.command()
@click.option("--port", "console_port", type=click.IntRange(1, 65535), help="The port of the page.")
@settings_option
def command(console_port: int | None, settings_file: Path | None) -> None:
    """Serve a page: what is open, the lag, decisions explained, dead letters. Reads alone; joins no group; shows nobody's words.

    On this machine alone unless VIGIL_CONSOLE_HOST, VIGIL_CONSOLE_USER and VIGIL_CONSOLE_PASSWORD are set. With VIGIL_METRICS_PORT it
    shows what waits for responders to Prometheus, and answers /livez and /readyz. Ends on SIGTERM or Ctrl-C.
    """
    settings = load({"console_port": console_port}, settings_file, need=["kafka"])
    from prometheus_client import CollectorRegistry, ProcessCollector  # noqa: PLC0415 - a wrong setting is told before the libraries load

    from streams import logs  # noqa: PLC0415 - as above
    from streams.console.guard import refuse_open  # noqa: PLC0415 - as above
    from streams.console.pulse import Pulse  # noqa: PLC0415 - as above
    from streams.console.serving import serve  # noqa: PLC0415 - as above
    from streams.endpoint import Address, Endpoint  # noqa: PLC0415 - as above
    from streams.lag.wanted import wanted  # noqa: PLC0415 - as above

    refuse_open(settings)
    logs.configure(settings.log_level, settings.log_format)
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    host = f"[{settings.console_host}]" if ":" in settings.console_host else settings.console_host
    place = f"http://{host}:{settings.console_port}/"
    port, pulse = settings.metrics_port, Pulse(settings.poll)
    for number in (signal.SIGTERM, signal.SIGINT):  # the server takes them while it serves, and hands them on when it has ended in order
        signal.signal(number, lambda *_: sys.exit(0))
    served = Endpoint(Address(settings.metrics_host, port), registry, pulse.live, pulse.ready) if port is not None else nullcontext()
    with served:
        asyncio.run(serve(settings, wanted(settings), registry, pulse, lambda: click.echo(f"the page: {place}", err=True)))
