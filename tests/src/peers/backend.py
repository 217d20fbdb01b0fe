"""HTTP echo server of the tests: answers each request with its own name and what it got, as JSON.

backend.py NAME ADDRESS PORT [CERTIFICATE KEY]
"""

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(
            {
                "backend": NAME,
                "method": self.command,
                "host": self.headers.get("Host"),
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "sni": getattr(self.connection, "sni", None),
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        connection, address = super().get_request()
        if CONTEXT is None:
            return connection, address
        # The handshake waits for the connection's own thread, where it can hold up nobody.
        tls = CONTEXT.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return tls, address

    def handle_error(self, request, client_address):
        # A client that leaves early, or speaks no TLS, is what some tests are about.
        print("connection failed:", sys.exc_info()[1], file=sys.stderr)


def remember_sni(connection, name, _context):
    connection.sni = name


NAME, ADDRESS, PORT = sys.argv[1:4]
CONTEXT = None
if len(sys.argv) > 4:
    CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CONTEXT.load_cert_chain(sys.argv[4], sys.argv[5])
    CONTEXT.sni_callback = remember_sni

with Server((ADDRESS, int(PORT)), Echo) as server:
    print("ready", flush=True)
    server.serve_forever()
