"""What befalls workers: each method is one fault, from its beginning to its end."""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence

from tests.support.running import Running

FULL_AT_BYTES = 200_000
FULL_SECONDS = 20
POLL_SECONDS = 0.25


class WorkerFaults:
    """`workers` are all that there may be, `first` of them run now. Whoever ends by itself is started again, as a supervisor would."""

    def __init__(self, workers: Sequence[Running], first: int, rng: random.Random) -> None:
        self.told: list[str] = []
        self._workers = list(workers[:first])
        self._away = list(workers[first:])
        self._rng = rng
        for worker in self._workers:
            worker.start()

    def supervise(self) -> None:
        """Start what has ended."""
        for worker in self._workers:
            if not worker.running:
                self.told.append(f"ended by itself: {worker.said()[-300:].strip().splitlines()[-1:]}")
                worker.start()

    def let_pass(self, seconds: float) -> None:
        """Time goes by, and what ends is started again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.supervise()
            time.sleep(min(POLL_SECONDS, max(0.0, until - time.monotonic())))

    def kill(self) -> None:
        """SIGKILL, and a new process on the same disk, sometimes at once and sometimes when the session is nearly over."""
        worker = self._rng.choice(self._workers)
        worker.kill()
        time.sleep(self._rng.uniform(0, 5))
        worker.start()

    def kill_again(self) -> None:
        """SIGKILL, and again while the new process starts, joins, recovers or has just begun."""
        worker = self._rng.choice(self._workers)
        for _ in range(self._rng.randrange(2, 4)):
            worker.kill()
            worker.start()
            time.sleep(self._rng.uniform(0, 5))
        worker.kill()
        worker.start()

    def kill_all(self) -> None:
        """SIGKILL to all at once: nobody can take over."""
        for worker in self._workers:
            worker.kill()
        time.sleep(self._rng.uniform(0, 8))
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """SIGTERM, as a rolling restart does: the status is 0."""
        self._end_in_order(self._rng.choice(self._workers)).start()

    def roll(self) -> None:
        """All of them, one after the other."""
        for worker in self._workers:
            self._end_in_order(worker).start()
            time.sleep(self._rng.uniform(0, 4))

    def pause(self) -> None:
        """SIGSTOP, mostly beyond the session: the group replaces a worker that is not dead."""
        worker = self._rng.choice(self._workers)
        worker.send(signal.SIGSTOP)
        time.sleep(self._rng.uniform(2, 14))
        worker.send(signal.SIGCONT)

    def move(self) -> None:
        """SIGKILL, and a new process on an empty disk."""
        worker = self._rng.choice(self._workers)
        worker.kill()
        shutil.rmtree(worker.state, ignore_errors=True)
        worker.start()

    def join(self) -> None:
        """One more worker, on whatever state it had when it left."""
        if self._away:
            self._workers.append(self._away.pop().start())

    def leave(self) -> None:
        """One fewer, in good order or by force, unless it is the last."""
        if len(self._workers) > 1:
            worker = self._workers.pop(self._rng.randrange(len(self._workers)))
            self._away.append(worker)
            if self._rng.random() < 0.5:
                self._end_in_order(worker)
            else:
                worker.kill()

    def full_disk(self) -> None:
        """No file of one worker may grow any more: it ends before it commits, and goes on where there is room."""
        worker = self._rng.choice(self._workers)
        worker.kill()
        worker.start(file_bytes=FULL_AT_BYTES)
        try:
            assert worker.wait(FULL_SECONDS) == 1, worker.said()[-1000:]
        except subprocess.TimeoutExpired:
            worker.kill()  # there was too little to write
        worker.start()

    def _end_in_order(self, worker: Running) -> Running:
        if worker.running:
            status = worker.stop()
            if status:
                self.told.append(f"stopped with status {status}: {worker.said()[-300:].strip().splitlines()[-1:]}")
        return worker
