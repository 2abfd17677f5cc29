"""`batchdump watch` in the guest: the manifest that it gets, and how its lines and those of `run` are read."""

import json
import re
from dataclasses import dataclass

from .transcript import note, step

FOLDER = "/tmp/batch"

# What `watch` says, in one place. Each expression is looked for behind the time and the slot's name of a line.
WORDS = {
    "no adapter": r"waiting: ",
    "identified": r"is mac {unit}",
    "reading": r"reading {region}: \d+ %",
    "half read": r"reading {region}: [4-6]\d %",
    "complete": r"{region}\.bin complete.*, verified by",
    "verified": r"ended after \S+: verified$",
    "done": r"done with the unit: ",
    "left": r"the unit has left",
    "skipped": r"skipped: known as ",
}


@dataclass(frozen=True)
class Region:
    name: str
    address: int
    size: int


FIRST = Region("first", 0x0400_0000, 64 << 10)
SECOND = Region("second", 0x0410_0000, 256 << 10)
REGIONS = (FIRST, SECOND)


def manifest(slots, regions=REGIONS):
    """A manifest for boards behind the ports that `slots` gives by the slots' names."""
    return {
        "name": "lab",
        "slots": [{"name": name, "match": {"path": f"*-usb-0:{port}:1.0"}} for name, port in slots.items()],
        "console": {"dialect": "u-boot", "speed": 115200},
        "identity": [{"name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9A-Fa-f:]{17})$"}],
        "regions": [
            {"name": region.name, "address": f"{region.address:#010x}", "size": region.size} for region in regions
        ],
    }


class Watch:
    """A running `batchdump watch`."""

    def __init__(self, guest, slots):
        self._guest = guest
        step(f"start `batchdump watch` for {', '.join(f'{name} at port {port}' for name, port in slots.items())}")
        guest.put("/tmp/lab.json", json.dumps(manifest(slots), indent=2))
        self.process = guest.start(f"exec batchdump watch /tmp/lab.json --output {FOLDER}")

    @property
    def mark(self):
        """The place in its output from which on later lines are told apart from earlier ones."""
        return self.process.mark

    def wait_for(self, slot, event, timeout=90, since=0, **facts):
        """Waits until it tells this event for the slot; returns the line. `facts` fill the event's expression."""
        line = self.process.wait_for(expression(slot, event, facts), timeout, since)
        note(line.text)
        return line

    def lines(self, slot, event, since=0, **facts):
        """The lines so far that tell this event for the slot."""
        return self.process.lines(expression(slot, event, facts), since)

    def pull(self):
        """A copy of the batch's folder as it is now."""
        return self._guest.pull(FOLDER)

    def terminate(self, timeout=30):
        """Sends SIGTERM; returns the exit status."""
        step("end `batchdump watch` with SIGTERM")
        self.process.signal("TERM")
        return self.process.wait(timeout)


def expression(slot, event, facts):
    """What finds the lines that tell an event, one of WORDS, for a slot; `facts` fill the event's expression."""
    words = WORDS[event].format(**{name: re.escape(fact) for name, fact in facts.items()})
    return rf"^\S+Z {re.escape(slot)} {words}"
