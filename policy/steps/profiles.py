"""What is known of a person: the newest profile wins, wherever and whenever it comes, and has judged again what it changes (O5, T1)."""

from msgspec.structs import replace

from policy.people import newest_update
from policy.state.parts import Head, ProfileFacts
from policy.steps.replaying import rejudge_all
from policy.steps.work import Work
from policy.telling import notices
from policy.times import micros
from schemas.profile import Profile


def take_in(work: Work, record: Profile) -> None:
    """Take in a profile. An older one, and one from before an erasure, is ignored; the same one again writes nothing."""
    before = work.draft.head
    facts = _facts(record)
    if not _is_newer(facts, before):
        return
    work.draft.put("head", replace(before, profile=facts))
    known = before.profile
    if known is None or (known.born, known.at_risk) != (facts.born, facts.at_risk):
        rejudge_all(work, before)
    if facts.reachable and (known is None or not known.reachable):
        notices.reach(work)


def _facts(record: Profile) -> ProfileFacts:
    born = None if record.date_of_birth is None else record.date_of_birth.isoformat()
    return ProfileFacts(micros(record.updated_at), born, record.adult_at_risk, record.social_worker, record.reachable)


def _is_newer(facts: ProfileFacts, head: Head) -> bool:
    newest = newest_update(head)
    return newest is None or facts.updated > newest
