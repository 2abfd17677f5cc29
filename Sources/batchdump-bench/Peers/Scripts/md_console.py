"""What both scripts share: a raw tty, and the lines that U-Boot's `md.b` prints."""

import os
import re
import termios
import tty as terminal

# `04000000: 27 05 19 56 ...    '..V`: an address, up to 16 bytes, and characters that nobody looks at.
LINE = re.compile(rb"^([0-9a-f]{8,16}):((?: [0-9a-f]{2}){1,16})  ", re.MULTILINE)


def open_tty(path, speed):
    """Opens a tty raw, at a speed in baud."""
    tty = os.open(path, os.O_RDWR | os.O_NOCTTY)
    terminal.setraw(tty)
    settings = termios.tcgetattr(tty)
    settings[4] = settings[5] = getattr(termios, f"B{speed}")
    termios.tcsetattr(tty, termios.TCSANOW, settings)
    return tty


def memory(text):
    """The bytes that a text shows, in the order of its lines."""
    return b"".join(bytes.fromhex(line.group(2).decode()) for line in LINE.finditer(text))
