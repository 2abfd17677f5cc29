"""Boards: real U-Boot on an emulated Arm machine, with known flash."""

import os
import random

from .emulator import Emulator
from .failure import check
from .qmp import Qmp

FIRMWARE = "/usr/lib/u-boot/qemu_arm/u-boot.bin"  # Debian's package u-boot-qemu
BANK_SIZE = 64 << 20
CONTENT_SIZE = 2 << 20


class Board:
    """A board of its own kind: its flash and its MAC address are those of no other board. U-Boot prints the address
    with `printenv ethaddr`. A board whose autoboot nobody stops asks the network for a system, for about a minute."""

    # Where its second flash bank is in its memory.
    FLASH_ADDRESS = 0x0400_0000

    def __init__(self, folder, number):
        check(os.access(FIRMWARE, os.R_OK), f"U-Boot in {FIRMWARE}; run 'make setup'")
        self.name = f"board {number}"
        self.mac = f"52:54:00:ba:7c:{number:02x}"
        self._folder = os.path.join(folder, f"board-{number}")
        self._emulator = None
        self._control = None
        os.makedirs(self._folder)
        # Random bytes look like no others, so that no block of one board can pass for another's.
        self.flash = random.Random(number).randbytes(CONTENT_SIZE)
        with open(FIRMWARE, "rb") as firmware:
            self._make_bank("boot", firmware.read())
        self._make_bank("flash", self.flash)

    def power_on(self):
        """Switches it on; returns its console. Nothing that it prints is lost."""
        files = [os.path.join(self._folder, name) for name in ("boot", "flash")]
        self._emulator = Emulator(
            self.name,
            [
                *["qemu-system-arm", "-M", "virt", "-m", "128", "-display", "none", "-nodefaults"],
                *["-drive", f"if=pflash,format=raw,readonly=on,file={files[0]}"],
                *["-drive", f"if=pflash,format=raw,snapshot=on,file={files[1]}"],
                *["-device", f"virtio-net-device,mac={self.mac}"],
                *["-serial", "chardev:console", "-mon", "chardev=control,mode=control"],
            ],
            log=os.path.join(self._folder, "qemu.log"),
            politeness=19,
        )
        console = self._emulator.chardev("console")
        control = self._emulator.chardev("control")
        self._emulator.start()
        self._control = Qmp(control, self._emulator)
        return console

    def power_off(self):
        """Takes its power away; its console falls silent in the middle of whatever it said."""
        if self._emulator:
            self._emulator.kill()
            self._emulator = None

    def reset(self):
        """Presses its reset button; returns when it has been reset."""
        self._control.execute("system_reset")
        self._control.wait_for("RESET")

    def bytes_at(self, address, size):
        """What its flash holds there."""
        start = address - self.FLASH_ADDRESS
        check(0 <= start and start + size <= CONTENT_SIZE, "a range within the board's known flash", hex(address))
        return self.flash[start : start + size]

    def _make_bank(self, name, content):
        with open(os.path.join(self._folder, name), "wb") as bank:
            bank.write(content)
            bank.truncate(BANK_SIZE)  # what follows the content takes no room on the disk
