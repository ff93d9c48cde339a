"""The unbroken run of done: how far a topic-partition may be committed."""

from collections import deque

from streams.heart.chunk import Chunk


class Run:
    """Chunks in the order in which they were handed over; the position moves only over a head that is done.

    Nothing else in the program knows a position to commit, so no commit can pass a chunk that is open.
    """

    __slots__ = ("_done", "_open", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self._open: deque[Chunk] = deque()
        self._done: set[Chunk] = set()

    @property
    def open(self) -> int:
        """How many chunks are handed over and not done."""
        return len(self._open) - len(self._done)

    def hand(self, chunk: Chunk) -> None:
        """A chunk was handed over.

        Raises:
            RuntimeError: it does not continue where the last one ended: records in between would be passed unseen.
        """
        last = self._open[-1].end if self._open else self.position
        if chunk.begin != last or chunk.end < chunk.begin:
            raise RuntimeError(f"a chunk of `{chunk.source.topic}` begins at `{chunk.begin}` and not at `{last}`; report this, it is a bug")
        self._open.append(chunk)

    def done(self, chunk: Chunk) -> None:
        """A chunk is done: its outputs and its state are safe."""
        self._done.add(chunk)
        while self._open and self._open[0] in self._done:
            head = self._open.popleft()
            self._done.discard(head)
            self.position = head.end
