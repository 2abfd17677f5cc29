"""What a batch has left, compared with what the boards hold. Shares no code with batchdump, to be wrong elsewhere."""

import hashlib
import os

from .failure import check, check_equal


def folder_of(board):
    """The name of a board's folder within a batch: its MAC address, made safe for a file name."""
    return board.mac.replace(":", "-")


def held_ranges(text):
    """The (offset, size) pairs that a mapfile of GNU ddrescue marks as held."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    # The first line is the program's own position; each other one is a range and its status.
    return [(int(offset, 0), int(size, 0)) for offset, size, status in lines[1:] if status == "+"]


def check_partial(batch, board, region):
    """Checks a region that is not complete: image and map are there, and the map claims nothing but the truth. Returns
    the ranges that it holds."""
    folder = os.path.join(batch, folder_of(board))
    names = sorted(os.listdir(folder))
    for name in (f"{region.name}.bin.partial", f"{region.name}.map"):
        check(name in names, f"{name} of {board.name}", names)
    check(f"{region.name}.bin" not in names, f"no {region.name}.bin of {board.name} before it is complete", names)
    held = held_ranges(_text(os.path.join(folder, f"{region.name}.map")))
    image = _bytes(os.path.join(folder, f"{region.name}.bin.partial"))
    truth = board.bytes_at(region.address, region.size)
    for offset, size in held:
        check(
            len(image) >= offset + size and image[offset : offset + size] == truth[offset : offset + size],
            f"bytes {offset:#x} to {offset + size:#x} of {region.name}, which its map claims, to be the board's",
        )
    return held


def check_complete(batch, board, regions):
    """Checks that each region's image is what the board holds, byte for byte."""
    for region in regions:
        image = _bytes(os.path.join(batch, folder_of(board), f"{region.name}.bin"))
        truth = board.bytes_at(region.address, region.size)
        check(image == truth, f"{region.name}.bin to be what {board.name} holds", _difference(image, truth))


def check_sums(batch, images):
    """Checks SHA256SUMS as `sha256sum --check --strict` does, and that it lists so many images."""
    lines = _text(os.path.join(batch, "SHA256SUMS")).splitlines()
    listed = [line for line in lines if line.endswith(".bin")]
    check_equal(len(listed), images, "the number of images in SHA256SUMS")
    for line in lines:
        digest, _, name = line.partition("  ")
        found = hashlib.sha256(_bytes(os.path.join(batch, name))).hexdigest()
        check_equal(found, digest, f"the SHA-256 of {name}")


def _difference(image, truth):
    if image == truth:
        return "no difference"
    if len(image) != len(truth):
        return f"{len(image)} bytes instead of {len(truth)}"
    return f"another byte at {next(i for i, pair in enumerate(zip(image, truth)) if pair[0] != pair[1]):#x}"


def _bytes(path):
    with open(path, "rb") as file:
        return file.read()


def _text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
