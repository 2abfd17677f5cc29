"""The bench as a scenario uses it: a guest, boards, and adapters that are plugged and pulled."""

import os
import socket
import subprocess
import time
from dataclasses import dataclass, field

from .board import Board
from .failure import check
from .guest import Guest
from .line import Line
from .transcript import note, step

HUB_PORT = "1"


@dataclass
class Adapter:
    """A USB-serial adapter, to the guest an FT232, with the line behind it."""

    name: str
    port: str
    serial: str
    line: Line = field(default_factory=Line)
    board: Board = None
    times: int = 0  # that it was plugged in


class Bench:
    """A guest with a USB hub in it, whose ports are 1.1 to 1.8. Everything on it ends with the `with` block."""

    def __init__(self, image, batchdump, folder, repository):
        """`folder` is empty and keeps all logs; `repository` is where scenarios find the project's files."""
        self.repository = repository
        self._image = image
        self._batchdump = batchdump
        self._folder = folder
        self._boards = []
        self._adapters = {}

    def __enter__(self):
        step("boot the guest")
        self.guest = Guest(self._image, self._folder)
        try:
            self._prepare()
        except BaseException:
            self.guest.power_off()
            raise
        return self

    def __exit__(self, *_):
        self.guest.power_off()
        for board in self._boards:
            board.power_off()

    def board(self):
        """A new board, switched off, unlike all others."""
        self._boards.append(Board(self._folder, len(self._boards) + 1))
        return self._boards[-1]

    def plug(self, name, port=None, serial=None):
        """Plugs an adapter in, or, told nothing more, again as before. Does not wait for its tty."""
        if name in self._adapters:
            self.wait_for_no_tty(name)  # a hand is slower than udev
            port, serial = port or self._adapters[name].port, serial or self._adapters[name].serial
        adapter = self._adapters.setdefault(name, Adapter(name, port, serial))
        adapter.port, adapter.serial = port, serial
        step(f"plug adapter {name} into port {adapter.port}, serial {adapter.serial}")
        self._device_add(adapter)

    def unplug(self, name):
        """Pulls an adapter out; returns the moment at which this began, in time.monotonic()'s seconds."""
        step(f"pull adapter {name}")
        began = time.monotonic()
        self._remove([self._adapters[name]])
        return began

    def plug_hub(self):
        """Plugs the hub in again with all adapters that were on it."""
        for name in self._adapters:
            self.wait_for_no_tty(name)
        step("plug the hub in again, with all adapters on it")
        self._hub_add()
        for adapter in self._adapters.values():
            self._device_add(adapter)

    def unplug_hub(self):
        """Pulls the hub out with all adapters on it."""
        step("pull the hub with all adapters on it")
        self._remove(self._adapters.values(), with_hub=True)

    def attach(self, name, board):
        """Joins a board to an adapter and switches it on."""
        step(f"switch on {board.name} behind adapter {name}")
        adapter = self._adapters[name]
        check(adapter.board is None, f"no board behind adapter {name} yet")
        adapter.line.connect("board", board.power_on())
        adapter.board = board

    def exchange(self, name, board):
        """Puts another board behind an adapter that stays plugged: the console falls silent, then another one boots."""
        adapter = self._adapters[name]
        step(f"switch off {adapter.board.name} behind adapter {name}")
        adapter.line.disconnect("board")
        adapter.board.power_off()
        adapter.board = None
        self.attach(name, board)

    def reset(self, board):
        step(f"reset {board.name}")
        board.reset()

    def characters_from_board(self, name):
        """How many characters an adapter has got from its boards so far."""
        return self._adapters[name].line.carried["board"]

    def path(self, port):
        """What udev calls the port, as ID_PATH of a tty plugged in there."""
        return f"pci-0000:00:03.0-usb-0:{port}:1.0"

    def wait_for_tty(self, name, timeout=60):
        """Waits until udev has made the adapter's links; returns its device node."""
        link = self._link(self._adapters[name])
        self.guest.expect(f"udevadm wait --settle --timeout={timeout} {link}", timeout + 10)
        node = self.guest.expect(f"readlink -f {link}").strip()
        note(f"adapter {name} is {node}")
        return node

    def wait_for_no_tty(self, name, timeout=60):
        """Waits until nothing is left of a pulled adapter."""
        link = self._link(self._adapters[name])
        self.guest.expect(f"udevadm wait --removed --settle --timeout={timeout} {link}", timeout + 10)

    def _link(self, adapter):
        return f"/dev/serial/by-path/{self.path(adapter.port)}-port0"

    def _prepare(self):
        # As it is installed, without its symbols; the guest copies at leisure.
        subprocess.run(["strip", "-o", os.path.join(self.guest.share, "batchdump"), self._batchdump], check=True)
        self.guest.wait_until_ready()
        # From the 9p share each page would be fetched by itself, again and again.
        self.guest.expect("install -D /share/batchdump /usr/local/bin/batchdump && rm /share/batchdump")
        self._hub_add()
        kernel, systemd = self.guest.expect("uname -r; systemctl --version").splitlines()[:2]
        note(f"Linux {kernel} runs, and {systemd}")

    def _hub_add(self):
        self.guest.qmp.execute("device_add", driver="usb-hub", id="hub", bus="xhci.0", port=HUB_PORT)

    def _remove(self, adapters, with_hub=False):
        """Takes devices away, to the guest all in one moment."""
        qmp = self.guest.qmp
        # QEMU 7.2 dies when a character arrives for an adapter that it is about to forget. So the guest's processors
        # stand still and take none, and the lines end and bring none.
        qmp.execute("stop")
        for adapter in adapters:
            adapter.line.disconnect("adapter")
        for _ in range(3):
            qmp.execute("query-status")  # at its answer, a turn of QEMU's main loop has taken in what was under way
        for device in [f"adapter-{adapter.name}" for adapter in adapters] + (["hub"] if with_hub else []):
            qmp.execute("device_del", id=device)
            qmp.wait_for("DEVICE_DELETED", device=device)
        qmp.execute("cont")

    def _device_add(self, adapter):
        # A chardev of its own for each time that it is plugged in: what was on its way before, comes never.
        adapter.times += 1
        ours, theirs = socket.socketpair()
        qmp, device, chardev = self.guest.qmp, f"adapter-{adapter.name}", f"line-{adapter.name}-{adapter.times}"
        qmp.execute("getfd", fdname=chardev, descriptor=theirs.fileno())
        theirs.close()
        backend = {"type": "socket", "data": {"addr": {"type": "fd", "data": {"str": chardev}}, "server": False}}
        qmp.execute("chardev-add", id=chardev, backend=backend)
        adapter.line.connect("adapter", ours)
        serial = {"serial": adapter.serial} if adapter.serial else {}
        qmp.execute(
            "device_add", driver="usb-serial", id=device, chardev=chardev, bus="xhci.0", port=adapter.port,
            **{"always-plugged": True}, **serial,
        )  # fmt: skip
