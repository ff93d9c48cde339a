"""A TCP proxy of our own between clients and one broker: it cuts the network without touching either side."""

import contextlib
import socket
import threading

from tests.support.ports import free_ports

CHUNK = 65_536


class Proxy:
    """Listens on `port` and carries bytes to and from `target`, both on 127.0.0.1."""

    def __init__(self, target: int) -> None:
        self.target = target
        (self.port,) = free_ports(1)
        self._open = threading.Event()
        self._open.set()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.socket()

    def start(self) -> None:
        """Listen, in threads that end with the process."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections and refuse new ones, until `mend`."""
        self._open.clear()
        self._drop()

    def mend(self) -> None:
        """Let connections through again."""
        self._open.set()

    def close(self) -> None:
        """End for good."""
        self._listener.close()
        self._drop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self._open.is_set() or not self._join(client):
                client.close()

    def _join(self, client: socket.socket) -> bool:
        try:
            broker = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            return False
        broker.settimeout(None)
        with self._lock:
            self._sockets |= {client, broker}
        for source, sink in ((client, broker), (broker, client)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()
        return True

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        self._end(source, sink)

    def _drop(self) -> None:
        with self._lock:
            everything = tuple(self._sockets)
        self._end(*everything)

    def _end(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._sockets -= set(sockets)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
