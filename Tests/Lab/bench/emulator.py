"""Starting QEMU, and ending it whatever happens."""

import signal
import socket
import subprocess

from .failure import LabFailure


class Emulator:
    """One QEMU. Its sockets are handed over as descriptors: the other end is connected before the machine's first
    instruction, so nothing that it says is lost, and no path is too long for a socket's address."""

    def __init__(self, name, command, log, politeness):
        """`politeness` is its nice value. A board's processor never idles, for U-Boot polls its console; boards must be
        nicer than the guest, or the guest's clock would run while it does not."""
        self.name = name
        self._command = ["nice", "-n", str(politeness), "setpriv", "--pdeathsig", "KILL", *command]
        self._log = log
        self._theirs = []
        self._process = None

    def chardev(self, identifier):
        """Adds a character device to the command line and returns its other end."""
        ours, theirs = socket.socketpair()
        self._theirs.append(theirs)
        self._command += ["-chardev", f"socket,id={identifier},fd={theirs.fileno()}"]
        return ours

    def start(self):
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[end.fileno() for end in self._theirs],
            )
        # Only QEMU may hold its ends now: otherwise ours would not see them close when it dies.
        for end in self._theirs:
            end.close()

    def kill(self):
        """As pulling the mains plug; does nothing when it has ended already."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def failure(self, what):
        """The error to raise when this QEMU does not do `what`."""
        with open(self._log, errors="replace") as log:
            said = log.read()[-2000:].strip()
        try:
            state = f"has ended with {self._process.wait(2)}"  # its sockets close a moment before it has ended
        except subprocess.TimeoutExpired:
            state = "runs"
        return LabFailure(f"expected {self.name} to {what}; it {state}" + (f" and said: {said}" if said else ""))
