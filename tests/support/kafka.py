"""A real Apache Kafka for tests: clusters of one or three nodes on this machine, KRaft mode, from the jars; no Docker needed.

Example: `with Cluster(3) as cluster: cluster.create("posts", partitions=4); cluster.nodes[0].kill(); cluster.restart(cluster.nodes[0])`.
"""

import base64
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support import ready
from tests.support.node import Node
from tests.support.ports import free_ports, listens
from tests.support.proxy import Proxy
from tests.support.security import Security, make_certificates

START_SECONDS = 90


class Cluster:
    """`nodes` brokers that are controllers too. `with` starts and ends it; a watchdog ends it if the test's process dies.

    `proxied` puts a TCP proxy of ours between clients and each broker (`proxies[i].cut()`); brokers talk among themselves directly.
    `properties` are added to every node's. `owner` is the process id with which the cluster ends, by default this one.
    """

    def __init__(
        self,
        nodes: int = 1,
        *,
        security: Security | None = None,
        proxied: bool = False,
        properties: Mapping[str, str] | None = None,
        owner: int | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vigil-kafka-"))
        self.security = security or Security()
        self.owner = owner or os.getpid()
        self.nodes = [Node(number, self.folder / str(number), 400 if nodes == 1 else 320) for number in range(1, nodes + 1)]
        ports = free_ports(3 * nodes)
        self._controllers, self._internal, self._clients = ports[:nodes], ports[nodes : 2 * nodes], ports[2 * nodes :]
        self.proxies = [Proxy(port) for port in self._clients] if proxied else []
        self._properties = dict(properties or {})

    @property
    def bootstrap(self) -> str:
        """The bootstrap servers, as clients and `VIGIL_KAFKA` take them."""
        return ",".join(f"127.0.0.1:{port}" for port in self._advertised())

    def start(self) -> Self:
        """Format and start all nodes and wait until they answer."""
        if self.security.tls:
            make_certificates(self.folder)
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "a")
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: node.prepare(cluster_id, self._node_properties(node), self.security.everybody()), self.nodes))
        for proxy in self.proxies:
            proxy.start()
        for node in self.nodes:
            node.start()
        self._watch()
        self.wait()
        return self

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Wait until all running nodes are in the metadata and the group coordinator answers. Raises TimeoutError with a node's log."""
        started = [node for node in self.nodes if node.running]
        if not ready.wait(self.client(), lambda: self._alive(started), time.monotonic() + seconds):
            raise TimeoutError(f"kafka did not get ready within `{seconds}` s; node `{started[0].number}` says: {started[0].tail()}")

    def restart(self, node: Node) -> None:
        """Start a node that was killed or stopped, with its old data, and wait until it is back."""
        node.start()
        self.wait()

    def close(self) -> None:
        """End all nodes and remove their data."""
        for node in self.nodes:
            node.resume()
            node.kill()
        for proxy in self.proxies:
            proxy.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, user: tuple[str, str] | None = None) -> dict[str, str]:
        """Settings of a librdkafka client; the admin's where no user (name, password) is named."""
        login = self.security.client(self.folder, user) if user else self.security.client(self.folder)
        return {"bootstrap.servers": self.bootstrap, **login}

    def environment(self, user: tuple[str, str] | None = None) -> dict[str, str]:
        """The same as Vigil's own settings, for a process of its own."""
        login = self.security.environment(self.folder, user) if user else self.security.environment(self.folder)
        return {"VIGIL_KAFKA": self.bootstrap, **login}

    def create(self, *topics: str, partitions: int = 4, config: Mapping[str, str] | None = None) -> None:
        """Create topics on all nodes and wait until every partition has a leader."""
        ready.create(self.client(), topics, partitions, len(self.nodes), config or {})

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _alive(self, started: list[Node]) -> int:
        """How many brokers the metadata has to name: more than there are while one doesn't listen yet."""
        for node in started:
            if not node.running:
                raise RuntimeError(f"kafka's node `{node.number}` ended by itself; it says: {node.tail()}")
        listening = all(listens(self._clients[node.number - 1]) for node in started)
        return len(started) if listening else len(self.nodes) + 1

    def _advertised(self) -> list[int]:
        return [proxy.port for proxy in self.proxies] or list(self._clients)

    def _node_properties(self, node: Node) -> dict[str, str]:
        place, many = node.number - 1, len(self.nodes) > 1
        copies, in_sync = (3, 2) if many else (1, 1)
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in enumerate(self._controllers, 1))
        listeners = f"INTERNAL://127.0.0.1:{self._internal[place]},CLIENT://127.0.0.1:{self._clients[place]}"
        return {
            "process.roles": "broker,controller",
            "node.id": str(node.number),
            "controller.quorum.voters": voters,
            "listeners": f"{listeners},CONTROLLER://127.0.0.1:{self._controllers[place]}",
            "advertised.listeners": listeners.replace(f":{self._clients[place]}", f":{self._advertised()[place]}"),
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "INTERNAL",
            "listener.security.protocol.map": f"INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:{self.security.protocol}",
            "log.dirs": str(node.folder / "data"),
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.num.partitions": "4",
            "default.replication.factor": str(copies),
            "min.insync.replicas": str(in_sync),
            "offsets.topic.replication.factor": str(copies),
            "transaction.state.log.replication.factor": str(copies),
            "transaction.state.log.min.isr": str(in_sync),
            "share.coordinator.state.topic.replication.factor": str(copies),
            "share.coordinator.state.topic.min.isr": str(in_sync),
            "group.initial.rebalance.delay.ms": "0",
            "broker.session.timeout.ms": "6000",
            "auto.create.topics.enable": "false",
            **self.security.broker_properties(self.folder),
            **self._properties,
        }

    def _watch(self) -> None:
        loop = 'while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done'
        end = 'for pid in $(cat "$2"/*/pid 2>/dev/null); do kill -9 "$pid"; done; rm -rf "$2"'
        command = ["sh", "-c", f"{loop}; {end}", "watchdog", str(self.owner), str(self.folder)]
        quiet = subprocess.DEVNULL
        subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
