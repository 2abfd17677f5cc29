"""A command that runs in the guest."""

import re
import threading
import time
from dataclasses import dataclass

from .failure import LabFailure


@dataclass(frozen=True)
class Heard:
    """A line that a command has printed: its number from 0, when it came, its text."""

    index: int
    time: float
    text: str


class Process:
    """What a command has printed so far, line by line, and how it ended. Lines are kept, and so may be waited for in
    any order: `since` tells from which line on."""

    def __init__(self, command, signal):
        self.command = command
        self.signal = signal
        self._lines = []
        self._status = None
        self._ended = False
        self._changed = threading.Condition()

    @property
    def output(self):
        with self._changed:
            return "\n".join(line.text for line in self._lines)

    @property
    def mark(self):
        """The number of the next line."""
        with self._changed:
            return len(self._lines)

    def lines(self, pattern, since=0):
        """Those lines so far in which the pattern is found."""
        with self._changed:
            return [line for line in self._lines[since:] if re.search(pattern, line.text)]

    def wait_for(self, pattern, timeout, since=0):
        """Waits for a line in which the pattern is found and returns it."""
        limit = time.monotonic() + timeout
        with self._changed:
            seen = since
            while True:
                for line in self._lines[seen:]:
                    if re.search(pattern, line.text):
                        return line
                seen = max(seen, len(self._lines))
                if self._ended:
                    raise self._failure(f"print a line with /{pattern}/; it has ended with {self._status}")
                if not self._changed.wait(limit - time.monotonic()):
                    raise self._failure(f"print a line with /{pattern}/ within {timeout} s")

    def wait(self, timeout):
        """Waits for the end; returns the exit status."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended, timeout):
                raise self._failure(f"end within {timeout} s")
            if self._status is None:
                raise self._failure("end; the guest has gone before it")
            return self._status

    def hear(self, text):
        with self._changed:
            self._lines.append(Heard(len(self._lines), time.monotonic(), text))
            self._changed.notify_all()

    def end(self, status):
        with self._changed:
            if not self._ended:
                self._status, self._ended = status, True
                self._changed.notify_all()

    def _failure(self, what):
        last = "\n".join("    " + line.text for line in self._lines[-20:])
        return LabFailure(f"expected `{self.command}` to {what}. Its last lines:\n{last or '    none'}")
