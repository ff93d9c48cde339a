"""What goes wrong in the shell, as one tree. The command line prints the message, one line, and ends with `exit_code`.

    VigilError                  1   something failed
    ├── SettingsError           2   a setting is missing, unknown or not usable
    └── BrokerError             1   the broker can't be reached, or refuses

A message is lower case, has given values in backticks (never a secret or anything of a person) and ends with the next step.
"""


class VigilError(Exception):
    """Something failed; the message says what and what to do next."""

    exit_code = 1


class SettingsError(VigilError):
    """A setting is missing, unknown or not usable."""

    exit_code = 2


class BrokerError(VigilError):
    """The broker can't be reached, or refuses what was asked."""
