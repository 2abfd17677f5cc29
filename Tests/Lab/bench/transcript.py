"""The transcript that a person reads: one line for each thing done or found, with the seconds since the start."""

import time

START = time.monotonic()


def step(text):
    """Tells what is done now."""
    _line("", text)


def note(text):
    """Tells what was found."""
    _line("  ", text)


def _line(indent, text):
    print(f"[{time.monotonic() - START:6.1f} s] {indent}{text}", flush=True)
