"""A load balancer as small as can be: each request goes to the next program, or to another when that one is gone."""

from __future__ import annotations

import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class Balancer:
    """Listens from :meth:`start` to :meth:`stop`, for programs on these ports."""

    def __init__(self, ports: list[int]) -> None:
        turns = itertools.count()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("host", "connection", "content-length")
                }
                first = next(turns)
                status = 502
                for port in (ports[(first + step) % len(ports)] for step in range(len(ports))):
                    try:
                        answer = httpx.post(
                            f"http://127.0.0.1:{port}{self.path}", content=body, headers=headers, trust_env=False
                        )
                    except httpx.HTTPError:
                        continue
                    status = answer.status_code
                    break
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> Balancer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
