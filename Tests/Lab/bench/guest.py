"""The machine that the adapters are plugged into: Debian's kernel, systemd and udev, and an agent that runs commands
there."""

import os
import shlex
import threading

from .emulator import Emulator
from .failure import check
from .process import Process
from .qmp import Qmp

BOOT_SECONDS = 120


class Guest:
    """Boots the machine; `folder` keeps its logs and the folder that it shows as /share."""

    def __init__(self, image, folder):
        self._folder = folder
        self.share = os.path.join(folder, "share")
        os.makedirs(self.share)
        self.emulator = Emulator("the guest", self._command(image), os.path.join(folder, "qemu.log"), politeness=5)
        self._agent = self.emulator.chardev("agent")
        control = self.emulator.chardev("control")
        self._processes = {}
        self._ready = threading.Event()
        self._gone = False
        self.emulator.start()
        threading.Thread(target=self._listen, daemon=True).start()
        self.qmp = Qmp(control, self.emulator)

    def wait_until_ready(self):
        """Returns when udev has settled and the agent takes commands."""
        if not self._ready.wait(BOOT_SECONDS) or self._gone:
            raise self.emulator.failure(f"boot within {BOOT_SECONDS} s; {self._folder}/console.log tells more")

    def start(self, command):
        """Starts a shell command, one line, and returns its Process. `exec` before a program makes signals its own."""
        check("\n" not in command, "a command of one line", repr(command))
        identifier = str(len(self._processes) + 1)
        process = Process(command, lambda name: self._say(f"signal {identifier} {name}"))
        self._processes[identifier] = process
        self._say(f"run {identifier} {command}")
        return process

    def run(self, command, timeout=60):
        """Runs a shell command to its end; returns (exit status, output and errors)."""
        process = self.start(command)
        return process.wait(timeout), process.output

    def expect(self, command, timeout=60):
        """Runs a shell command that has to succeed; returns its output."""
        status, output = self.run(command, timeout)
        check(status == 0, f"`{command}` to succeed in the guest", f"exit status {status} and: {output}")
        return output

    def read(self, path):
        """The bytes of a file there."""
        with open(self.pull(path), "rb") as file:
            return file.read()

    def put(self, path, content):
        """Writes text into a file there."""
        os.makedirs(os.path.join(self.share, "put"), exist_ok=True)
        with open(os.path.join(self.share, "put", os.path.basename(path)), "w", encoding="utf-8") as file:
            file.write(content)
        self.expect(f"install -D -m 644 /share/put/{shlex.quote(os.path.basename(path))} {shlex.quote(path)}")

    def pull(self, path):
        """Copies a file or folder as it is now; returns the copy's path on this machine."""
        name = f"pulled-{len(self._processes)}-{os.path.basename(path)}"
        # Whoever uses the folder may rename a file between cp's look and its copy: then it is looked at once more.
        attempt = f"rm -rf /share/{shlex.quote(name)}; cp -R {shlex.quote(path)} /share/{shlex.quote(name)}"
        self.expect(" || { ".join([attempt] * 3) + "; }" * 2)
        return os.path.join(self.share, name)

    def power_off(self):
        self.emulator.kill()

    def _command(self, image):
        return [
            *["qemu-system-x86_64", "-M", "pc,usb=off,vmport=off", "-accel", "tcg", "-cpu", "max"],
            *["-smp", "2", "-m", "1024", "-nodefaults", "-display", "none", "-no-reboot"],
            *["-kernel", os.path.join(image, "vmlinuz"), "-initrd", os.path.join(image, "initrd")],
            # What a start has no use for here costs seconds on an emulated processor.
            *["-append", "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off audit=0 security=none tsc=reliable"],
            *["-serial", f"file:{os.path.join(self._folder, 'console.log')}"],
            # The address makes the adapters' paths the same on each run: pci-0000:00:03.0-usb-0:...
            *["-device", "qemu-xhci,id=xhci,addr=3"],
            *["-device", "virtio-rng-pci", "-device", "virtio-serial-pci"],
            *["-device", "virtserialport,chardev=agent,name=lab", "-mon", "chardev=control,mode=control"],
            *["-virtfs", f"local,path={self.share},mount_tag=share,security_model=none,multidevs=remap"],
        ]

    def _say(self, line):
        if self._gone:
            raise self.emulator.failure("take commands")
        self._agent.sendall(line.encode() + b"\n")

    def _listen(self):
        lines = self._agent.makefile("r", encoding="utf-8", errors="replace", newline="\n")
        with lines, open(os.path.join(self._folder, "agent.log"), "w", encoding="utf-8") as log:
            for line in lines:
                log.write(line)
                verb, _, rest = line.rstrip("\n").partition(" ")
                identifier, _, text = rest.partition(" ")
                if verb == "ready":
                    self._ready.set()
                elif verb == "out":
                    self._processes[identifier].hear(text)
                elif verb == "end":
                    self._processes[identifier].end(int(text))
        self._gone = True
        self._ready.set()
        for process in self._processes.values():
            process.end(None)
