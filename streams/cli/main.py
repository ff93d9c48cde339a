"""`vigil`: the one entry point. Commands are named here and imported only when used, so that each starts quickly."""

import importlib

import click

from streams.errors import VigilError

COMMANDS = {
    "demo": "streams.cli.demo",
    "sample": "streams.cli.sample",
    "worker": "streams.cli.worker",
    "assess": "streams.cli.assess",
    "replay": "streams.cli.replay",
    "explain": "streams.cli.explain",
    "policy": "streams.cli.policy",
    "schemas": "streams.cli.schemas",
    "reader": "streams.cli.reader",
    "inbox": "streams.cli.inbox",
    "respond": "streams.cli.respond",
    "dead-letters": "streams.cli.dead_letters",
    "person": "streams.cli.person",
    "lag": "streams.cli.lag",
    "canary": "streams.cli.canary",
    "console": "streams.cli.console",
    "topics": "streams.cli.topics",
    "doctor": "streams.cli.doctor",
    "config": "streams.cli.config",
}

SECTIONS = {
    "To try it": ("demo", "sample"),
    "For responders": ("inbox", "respond"),
    "For whoever runs it": ("worker", "lag", "console", "canary", "doctor", "topics", "dead-letters", "person", "config"),
    "For whoever answers for the policy": ("policy", "explain", "assess", "replay", "reader", "schemas"),
}
"""Who needs which command."""
LONGEST = 200
"""Characters of a command's first sentence."""


class LazyGroup(click.Group):
    """A click group whose commands live in modules of their own, each exposing `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table: the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command; None for a name that is not in the table."""
        del ctx
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command's first sentence, whole, under who needs it."""
        for title, names in SECTIONS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(LONGEST)) for name, command in found if command is not None])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error of ours is one line and its own exit status."""
        try:
            return super().invoke(ctx)
        except VigilError as error:
            click.echo(f"vigil: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vigil-safeguarding", prog_name="vigil")
def main() -> None:
    """Vigil: judges posts and messages by one confidentiality policy and recommends, with reasons, to people who act."""
