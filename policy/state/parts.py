"""The parts of a person's state, as immutable values. Facts, ids and hashes only: never words.

Times are whole microseconds since the epoch (`at`, `arrival`, ...); `due` is in whole seconds, when the part is to be looked at again.
"""

import msgspec


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Anything kept under a name of its own. `due` None: until somebody changes it."""

    due: int | None = None


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact as one event told it. `places` are flat pairs `[start, end)`; `sentences` keyed hashes of those that hold it.

    `old`: an earlier version of the post told it already (S3). `source` and `at`: of a trained person's finding, its own id and time.
    """

    fact: str
    value: str
    places: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()
    old: bool = False
    source: str = ""
    at: int = 0


class Other(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another person at risk, as an event speaks of them."""

    relation: str = "unknown"
    minor: str = "unknown"
    age: int | None = None
    ref: str | None = None


class Mention(msgspec.Struct, frozen=True, omit_defaults=True):
    """One concern as one event tells it: about whom (`who` None: the author), of which kind, and its known facts."""

    kind: str
    facts: tuple[Told, ...] = ()
    who: Other | None = None
    ref: str | None = None
    old: bool = False


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where to go to help."""

    service: str | None = None
    conversation_id: str | None = None
    post_id: str | None = None
    thread_id: str | None = None


class EventPart(Part, frozen=True, kw_only=True):
    """`id/<event_id>`: one event seen. An everyday event has no more than this.

    `role`: author (its picture is judged), early (before the merger), turn (a volunteer's or the system's), response, gone (erased).
    `held`: an edit that can only lead to review (S3). `decided` holds digests of its decisions, oldest first; a first one on no picture
    need not be there.
    """

    digest: bytes
    at: int
    arrival: int
    role: str = "author"
    place: Place | None = None
    about: str | None = None
    text: tuple[Mention, ...] = ()
    publisher: tuple[Mention, ...] = ()
    person: tuple[Mention, ...] = ()
    retracts: tuple[str, ...] = ()
    held: bool = False
    edit: bool = False
    first_posted: int | None = None
    at_risk: str = "unknown"
    decided: tuple[bytes, ...] = ()


class Reg(msgspec.Struct, frozen=True, omit_defaults=True):
    """The newest word on a fact: its place in time (`at`, `event`), what it says, who says so and in which event."""

    at: int
    event: str
    value: str
    by: str
    source: str
    places: tuple[int, ...] = ()


class Slots(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that adding up needs of one fact: the newest word, the newest yes and trained person's no (A1), the newest held word (S3)."""

    last: Reg | None = None
    yes: Reg | None = None
    person_no: Reg | None = None
    held: Reg | None = None


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """One concern as it adds up, last spoken of when `raised`, and when `plain` by words that S3 doesn't hold back.

    `gid` stays when a `ref` is learnt; `back`: its disclosure was taken back in other words (A1).
    """

    kind: str
    gid: str
    raised: int
    plain: int | None = None
    ref: str | None = None
    facts: dict[str, Slots] = {}
    back: Reg | None = None


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person at risk as they add up. `pid` is "author" or stands for another; `last` is when they were last spoken of."""

    pid: str
    last: int
    who: Other | None = None
    groups: dict[str, Group] = {}


class Picture(Part, frozen=True, kw_only=True):
    """`picture`: the facts that count, as of the newest event in time."""

    persons: dict[str, Person] = {}


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """An event's place in the history: when, which, and whether it tells facts."""

    at: int
    event: str
    telling: bool = False


class ProfileFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the newest profile says. `born` is ISO 8601."""

    updated: int
    born: str | None = None
    at_risk: str = "unknown"
    social_worker: bool = False
    reachable: bool = False


class Assessed(msgspec.Struct, frozen=True):
    """A trained person's word on whether the person is an adult at risk."""

    at: int
    event: str
    value: str


class Head(Part, frozen=True, kw_only=True):
    """`head`: the profile, the newest events, and where things wait. `erased`: the newest `updated_at` before a tombstone.

    `era` counts tombstones; `awaits`: a finding came before the event that it is about; `anew`: pages are still to be judged again.
    """

    profile: ProfileFacts | None = None
    assessed: Assessed | None = None
    recent: tuple[Seen, ...] = ()
    erased: int | None = None
    era: int = 0
    awaits: bool = False
    anew: bool = False


class Ref(msgspec.Struct, frozen=True, array_like=True):
    """A page of the history: the place of its first event, and its number."""

    at: int
    event: str
    number: int


class Index(Part, frozen=True, kw_only=True):
    """`index`: the pages of the history in order of time."""

    refs: tuple[Ref, ...] = ()
    next: int = 0


class Page(Part, frozen=True, kw_only=True):
    """`page/<n>`: a stretch of the history, and the picture before it; `judged`: that by which its events were last judged, if another."""

    seen: tuple[Seen, ...] = ()
    before: Picture | None = None
    judged: Picture | None = None
