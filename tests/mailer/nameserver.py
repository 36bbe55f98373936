"""A DNS server on a loopback port that knows a few names."""

import socketserver

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.mailer.serving import Serving


class _Answer(socketserver.BaseRequestHandler):
    server: "Nameserver"

    def handle(self) -> None:
        data, socket = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        (question,) = query.question
        name, kind = question.name.to_text().rstrip(".").lower(), question.rdtype
        self.server.asked.append(name)
        texts = self.server.records.get((name, dns.rdatatype.to_text(kind)), [])
        if texts:
            answer.answer = [dns.rrset.from_text_list(question.name, 60, "IN", kind, texts)]
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


class Nameserver(Serving, socketserver.ThreadingUDPServer):
    """Use as a context manager. ``records``: (name, type) → values as a zone file has them."""

    daemon_threads = True

    def __init__(self, records: dict[tuple[str, str], list[str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.records = records
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """For ``evidence.nameserver``."""
        return f"127.0.0.1:{self.server_address[1]}"


def txt(text: str) -> str:
    """A TXT record's value, in strings of 200 characters."""
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
