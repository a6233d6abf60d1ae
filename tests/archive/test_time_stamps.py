"""Time stamps in documents, from a server that speaks RFC 3161; one that is down holds nobody up."""

from __future__ import annotations

import datetime as dt
import http.server
import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from archive.common.documents import Stamp
from archive.models import Report
from archive.reports import actions
from profiles.audit.models import AuditEvent
from profiles.audit.verbs import Verb
from profiles.common.permissions import System
from tests.archive.test_verify_file import show
from tests.world import World

pytestmark = pytest.mark.django_db
WORKER = System("test")


class Server(http.server.HTTPServer):
    """A time-stamp server; `down` answers 503."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.down = False
        key = rsa.generate_private_key(65537, 2048)
        self.certificate = asn1_x509.Certificate.load(_certificate(key).public_bytes(Encoding.DER))
        private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        self.stamper = DummyTimeStamper(self.certificate, private)


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "time stamps of the test")])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )


class Answer(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.down:
            self.send_error(503)
            return
        data = self.server.stamper.request_tsa_response(asked).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None: ...


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{made.server_port}/"
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def report(server: Server) -> Report:
    return World.make().report(issued=False)  # type: ignore[no-any-return]


def issued(report: Report) -> Report:
    actions.issue(report_id=report.pk, by=WORKER)
    report.refresh_from_db()
    return report


def signature_of(data: bytes) -> Any:
    return PdfFileReader(io.BytesIO(data)).embedded_signatures[0]


def test_a_server_that_answers_gives_the_signature_a_time(server: Server, report: Report) -> None:
    report = issued(report)
    assert report.stamp == Stamp.DONE
    signature = signature_of(report.read_pdf())
    trust = ValidationContext(trust_roots=[server.certificate, signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, trust, trust)
    assert (status.intact, status.valid) == (True, True)
    assert status.timestamp_validity.intact


def test_a_server_that_is_down_holds_nobody_up_and_the_stamp_comes_later(server: Server, report: Report) -> None:
    server.down = True
    report = issued(report)
    first = report.read_pdf()
    assert (report.state, report.stamp) == (Report.State.READY, Stamp.WAITING)
    assert actions.add_waiting_stamps(by=WORKER) == 0
    server.down = False
    assert actions.add_waiting_stamps(by=WORKER) == 1
    assert actions.add_waiting_stamps(by=WORKER) == 0
    report.refresh_from_db()
    second = report.read_pdf()
    assert report.stamp == Stamp.DONE
    assert second.startswith(first)
    kinds = [str(item.sig_object["/SubFilter"]) for item in PdfFileReader(io.BytesIO(second)).embedded_signatures]
    assert kinds == ["/ETSI.CAdES.detached", "/ETSI.RFC3161"]
    assert AuditEvent.objects.filter(verb=Verb.DOCUMENT_STAMPED).count() == 1
    for data in (first, second):  # whoever kept the first file holds a genuine one
        assert "it is in force" in show(data).content.decode()


def test_without_a_server_nothing_waits(server: Server, report: Report, settings: Any) -> None:
    settings.TIMESTAMP_URL = ""
    assert issued(report).stamp == Stamp.NONE
    assert actions.add_waiting_stamps(by=WORKER) == 0
