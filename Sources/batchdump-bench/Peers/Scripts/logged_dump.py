"""logged_dump.py TTY SPEED ADDRESS LENGTH IMAGE

Has U-Boot print all of a range by one `md.b`, keeps what comes in IMAGE.log as a terminal program does, and makes the
image of the log afterwards. It checks nothing and repeats nothing.
"""

import os
import sys

from md_console import memory, open_tty

PROMPT = b"\n=> "


def log_command(tty, command, path):
    end = b""
    with open(path, "wb") as log:
        os.write(tty, command)
        while not end.endswith(PROMPT):
            text = os.read(tty, 4096)
            log.write(text)
            end = (end + text)[-len(PROMPT):]


def main(path, speed, address, length, image):
    tty = open_tty(path, int(speed))
    log = image + ".log"
    log_command(tty, b"md.b %x %x\n" % (int(address, 0), int(length, 0)), log)
    with open(log, "rb") as text, open(image, "wb") as file:
        file.write(memory(text.read()))


main(*sys.argv[1:])
