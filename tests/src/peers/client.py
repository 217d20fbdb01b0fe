"""HTTP client of the tests: reads one request as JSON from stdin, writes the replies as JSON.

A connection that fails is a reply with status 0 and the error's text, so that a test can expect it.
Each request has a connection of its own: a data plane may balance connections, not requests.
"""

import http.client
import json
import socket
import ssl
import sys


def connect(wanted):
    connection = socket.create_connection((wanted["address"], wanted["port"]), timeout=wanted["seconds"])
    if CONTEXT is None:
        return connection
    return CONTEXT.wrap_socket(connection, server_hostname=wanted["tls"]["sni"])


def reply(wanted):
    try:
        connection = http.client.HTTPConnection(wanted["address"], wanted["port"])
        connection.sock = connect(wanted)
        # Host is ours to say, and nothing else is added.
        connection.putrequest(wanted["method"], wanted["path"], skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", wanted["host"])
        for name, value in wanted["headers"]:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        headers = [[name.lower(), value] for name, value in response.getheaders()]
        connection.close()
        return {"status": response.status, "headers": headers, "body": body}
    except (OSError, http.client.HTTPException) as error:
        return {"status": 0, "headers": [], "body": f"{type(error).__name__}: {error}"}


wanted = json.load(sys.stdin)
CONTEXT = wanted["tls"] and ssl.create_default_context(cafile=wanted["tls"]["authority"])
json.dump([reply(wanted) for _ in range(wanted["count"])], sys.stdout)
