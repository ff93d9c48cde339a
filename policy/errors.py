"""The core's exceptions.

PolicyError
└── VersionError: a policy version's file can't be used
"""


class PolicyError(Exception):
    """Anything that the core refuses to work with."""


class VersionError(PolicyError):
    """A version's file can't be used; the message names the place and the remedy."""
