"""QEMU's control protocol, as far as the bench needs it: one command at a time, and events in between."""

import json
import socket


class Qmp:
    """A conversation with one QEMU over a connected socket."""

    def __init__(self, connection, emulator):
        self._connection = connection
        self._emulator = emulator
        self._events = []
        self._rest = b""
        connection.settimeout(60)
        self._receive()  # the greeting
        self.execute("qmp_capabilities")

    def execute(self, command, descriptor=None, **arguments):
        """Returns the command's result; with `descriptor` hands that to QEMU along with the command."""
        message = json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n"
        if descriptor is None:
            self._connection.sendall(message)
        else:
            socket.send_fds(self._connection, [message], [descriptor])
        while True:
            answer = self._receive()
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise self._emulator.failure(f"accept {command} {arguments}, not answer {answer['error']['desc']!r}")
            self._events.append(answer)

    def wait_for(self, event, **facts):
        """Waits for an event whose data holds these facts; events since the last wait count."""
        while True:
            while self._events:
                heard = self._events.pop(0)
                if heard["event"] == event and facts.items() <= heard.get("data", {}).items():
                    return
            self._events.append(self._receive())

    def _receive(self):
        while b"\n" not in self._rest:
            try:
                piece = self._connection.recv(65536)
            except TimeoutError:
                raise self._emulator.failure("answer within 60 s") from None
            except ConnectionError:
                piece = b""
            if not piece:
                raise self._emulator.failure("stay in conversation")
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)
