"""The wire between an adapter and the board behind it."""

import select
import socket
import threading

# A UART has no patience at all: what nobody takes is lost. Here the taker is an emulated machine that may be slow, so
# it is given time; only then the bytes are lost, which keeps a board from standing still because nobody listens.
PATIENCE = 2.0


class Line:
    """Carries bytes both ways for as long as both ends are there. Either end may be exchanged while the other stays:
    the adapter when it is pulled and plugged, the board when another one is put into the jig. What is sent while the
    other end is missing is lost, as on a real wire."""

    def __init__(self):
        self._ends = {"adapter": None, "board": None}
        self.carried = {"adapter": 0, "board": 0}  # bytes by the end that they came from, without the lost ones

    def connect(self, end, connection):
        """Joins "adapter" or "board" to the line, in place of what was there."""
        self._ends[end] = connection
        other = "board" if end == "adapter" else "adapter"
        threading.Thread(target=self._pump, args=(connection, end, other), daemon=True).start()

    def disconnect(self, end):
        connection, self._ends[end] = self._ends[end], None
        if connection:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # its other side has closed it already

    def _pump(self, source, end, other):
        patience = PATIENCE
        while data := _receive(source):
            sink = self._ends[other]
            # Bytes of a board that was just exchanged are not the new board's.
            if sink and self._ends[end] is source:
                sent = _send(sink, data, patience)
                self.carried[end] += sent
                patience = PATIENCE if sent == len(data) else 0.0
        source.close()


def _receive(source):
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _send(sink, data, patience):
    """How many of the bytes were taken."""
    sent = 0
    try:
        while sent < len(data) and select.select([], [sink], [], patience)[1]:
            sent += sink.send(memoryview(data)[sent:], socket.MSG_DONTWAIT)
    except (OSError, ValueError):  # ValueError: closed between the look and the use
        pass
    return sent
