"""memory_loop.py TTY SPEED ADDRESS LENGTH IMAGE

Walks memory 256 bytes at a time and takes 0.1 s of silence for the end of an answer, as the script did with which
batchdump's story began (there by `d -s ADDRESS`, a Winbond loader's only way). It checks nothing and repeats nothing.
"""

import os
import select
import sys

from md_console import memory, open_tty

STEP = 256
SILENCE = 0.1


def until_silence(tty):
    text = bytearray()
    while select.select([tty], [], [], SILENCE)[0]:
        text += os.read(tty, 4096)
    return text


def main(path, speed, address, length, image):
    tty = open_tty(path, int(speed))
    start = int(address, 0)
    with open(image, "wb") as file:
        for place in range(start, start + int(length, 0), STEP):
            os.write(tty, b"md.b %x %x\n" % (place, STEP))
            file.write(memory(until_silence(tty)))


main(*sys.argv[1:])
