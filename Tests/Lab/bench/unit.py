"""A unit of systemd in the guest."""

import re

from .failure import check

# How its end is told: in order, or with an exit status that is a failure. There are others, such as 'timeout'.
ENDED = "Deactivated successfully"
FAILED = "Failed with result 'exit-code'"


class Unit:
    """What systemd knows of a unit and, line by line, what its journal tells: the unit's own words and systemd's."""

    def __init__(self, guest, name):
        self.name = name
        self._guest = guest
        self._journal = guest.start(f"exec journalctl --follow --lines=all --output=cat --unit={name}")

    @property
    def mark(self):
        """The place in its journal from which on later lines are told apart from earlier ones."""
        return self._journal.mark

    def lines(self, pattern):
        """The lines of its journal so far in which the pattern is found."""
        return self._journal.lines(pattern)

    def wait_for(self, pattern, timeout=90, since=0):
        """Waits for a line of its journal in which the pattern is found and returns it."""
        return self._journal.wait_for(pattern, timeout, since)

    def wait_for_end(self, since=0):
        """Waits until all its processes have ended; returns systemd's words for how."""
        line = self.wait_for(rf"^{re.escape(self.name)}: ({ENDED}|Failed with result '.*')\.$", since=since)
        return line.text.removeprefix(f"{self.name}: ").removesuffix(".")

    def show(self, *properties):
        """The values of some of its properties, as texts. Those of a unit that nobody needs any more are defaults."""
        lines = self._guest.expect(f"systemctl show --property={','.join(properties)} {self.name}").splitlines()
        values = dict(line.split("=", 1) for line in lines)
        check(values.keys() == set(properties), f"the properties {', '.join(properties)} of {self.name}", values)
        return [values[name] for name in properties]
