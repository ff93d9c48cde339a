"""How clients reach a test Kafka: plain, with SCRAM, or with SCRAM over TLS; and the certificates that this takes."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ADMIN = ("admin", "admin-secret")


@dataclass(frozen=True, slots=True)
class Security:
    """A client listener's protocol and its users, name to password. `admin` is always there and may do everything."""

    protocol: str = "PLAINTEXT"
    users: tuple[tuple[str, str], ...] = ()

    @property
    def sasl(self) -> bool:
        """Whether clients have to say who they are."""
        return self.protocol.startswith("SASL")

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.protocol.endswith("SSL")

    def everybody(self) -> tuple[tuple[str, str], ...]:
        """All users that the broker has to know, the admin among them."""
        return (ADMIN, *self.users) if self.sasl else ()

    def broker_properties(self, folder: Path) -> dict[str, str]:
        """What a node's properties need for this listener, which is named CLIENT."""
        properties: dict[str, str] = {}
        if self.sasl:
            login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            properties |= {
                "sasl.enabled.mechanisms": "SCRAM-SHA-512",
                "listener.name.client.scram-sha-512.sasl.jaas.config": login,
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": f"User:{ADMIN[0]};User:ANONYMOUS",
            }
        if self.tls:
            properties |= {"ssl.keystore.type": "PEM", "ssl.keystore.location": str(folder / "broker.pem")}
        return properties

    def client(self, folder: Path, user: tuple[str, str] = ADMIN) -> dict[str, str]:
        """The settings of a librdkafka client that logs in as `user`."""
        settings = {"security.protocol": self.protocol}
        if self.sasl:
            settings |= {"sasl.mechanism": "SCRAM-SHA-512", "sasl.username": user[0], "sasl.password": user[1]}
        if self.tls:
            settings["ssl.ca.location"] = str(folder / "ca.pem")
        return settings

    def environment(self, folder: Path, user: tuple[str, str] = ADMIN) -> dict[str, str]:
        """The same as Vigil's own settings."""
        names = {
            "security.protocol": "VIGIL_SECURITY_PROTOCOL",
            "sasl.mechanism": "VIGIL_SASL_MECHANISM",
            "sasl.username": "VIGIL_SASL_USERNAME",
            "sasl.password": "VIGIL_SASL_PASSWORD",
            "ssl.ca.location": "VIGIL_SSL_CAFILE",
        }
        return {names[name]: value for name, value in self.client(folder, user).items()}


def make_certificates(folder: Path) -> None:
    """Write `ca.pem` and `broker.pem` (key and certificate of 127.0.0.1 and localhost) into a folder, by openssl; good for two days."""
    _openssl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=vigil-tests")
    _openssl(folder, "req -newkey rsa:2048 -nodes -keyout broker.key -out broker.csr -subj /CN=localhost")
    (folder / "names.ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    _openssl(folder, "x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names.ext -out broker.crt")
    (folder / "broker.pem").write_text((folder / "broker.key").read_text() + (folder / "broker.crt").read_text())


def _openssl(folder: Path, arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True, timeout=60)
