"""`batchdump watch` through pulled and plugged adapters, a reset board and an exchanged one."""

import json
import os

from bench import check, check_equal, evidence, note, step
from bench.watch import FIRST, REGIONS, SECOND, Watch

# How soon a slot has to say that its adapter is gone, in seconds.
NOTICE = 1.0
# Characters on the wire for each byte of `md.l`, the densest read of a 32-bit U-Boot.
CHARACTERS_PER_BYTE = 4.0625


def run(bench):
    first, second, third = (bench.board() for _ in range(3))
    watch = Watch(bench.guest, {"A1": "1.1", "A2": "1.2"})
    for slot in ("A1", "A2"):
        watch.wait_for(slot, "no adapter")
    bench.plug("a", "1.1", "SAME")
    bench.attach("a", first)
    watch.wait_for("A1", "identified", unit=first.mac)
    watch.wait_for("A1", "complete", region=FIRST.name)
    bench.plug("b", "1.2", "SAME")
    bench.attach("b", second)

    held = pull_in_mid_dump(bench, watch, first)
    plug_again(bench, watch, first, held)

    for region in REGIONS:
        watch.wait_for("A2", "complete", region=region.name)
    disturbed = watch.lines("A2", "no adapter", since=watch.lines("A2", "identified", unit=second.mac)[0].index)
    check(not disturbed, "slot A2 not to notice what happens at A1", disturbed)
    for board in (first, second):
        evidence.check_complete(watch.pull(), board, REGIONS)
    note("the images of both boards equal their flash")

    mark = watch.mark
    bench.reset(second)
    watch.wait_for("A2", "left", since=mark)
    watch.wait_for("A2", "identified", since=mark, unit=second.mac)
    watch.wait_for("A2", "skipped", since=mark)

    mark = watch.mark
    bench.exchange("b", third)
    watch.wait_for("A2", "left", since=mark)
    mark = watch.wait_for("A2", "identified", since=mark, unit=third.mac).index
    for region in REGIONS:
        watch.wait_for("A2", "complete", since=mark, region=region.name)
    # Only now it has been asked once more who it is; a unit that is stopped before that is not verified.
    watch.wait_for("A2", "verified", since=mark)

    check_equal(watch.terminate(), 0, "the exit status of `batchdump watch`")
    check_batch(bench, watch, [first, second, third])


def pull_in_mid_dump(bench, watch, board):
    """Pulls A1's adapter while the second region is read; returns the ranges that are held then."""
    watch.wait_for("A1", "half read", region=SECOND.name)
    mark = watch.mark
    pulled = bench.unplug("a")
    noticed = watch.wait_for("A1", "no adapter", timeout=30, since=mark).time - pulled
    check(noticed <= NOTICE, f"slot A1 to tell that its adapter is gone within {NOTICE} s", f"{noticed:.2f} s")
    note(f"told {noticed:.2f} s after it was pulled")
    held = evidence.check_partial(watch.pull(), board, SECOND)
    note(f"the map claims {total(held):,} of {SECOND.size:,} bytes, all of them the board's")
    check(total(held) > 0, "something of the second region to be held when the adapter was pulled")
    return held


def plug_again(bench, watch, board, held):
    """Plugs A1's adapter in again; the dump has to go on where it was."""
    mark = watch.mark
    bench.plug("a")
    # The board may still be printing what it was asked for before; only then it is asked for more.
    watch.wait_for("A1", "identified", since=mark, unit=board.mac)
    before = bench.characters_from_board("a")
    watch.wait_for("A1", "complete", region=SECOND.name)
    came = bench.characters_from_board("a") - before
    missing = SECOND.size - total(held)
    # A line of a dump is never shorter, so less than all of the region cannot have carried all of it.
    limit = missing * CHARACTERS_PER_BYTE + total(held) * CHARACTERS_PER_BYTE / 2
    check(came < limit, f"the dump to go on with the missing {missing:,} bytes", f"{came:,} characters on the wire")
    note(f"went on: {missing:,} bytes were missing, {came:,} characters came")


def check_batch(bench, watch, boards):
    """Checks what the whole batch has left."""
    batch = watch.pull()
    for board in boards:
        evidence.check_complete(batch, board, REGIONS)
    evidence.check_sums(batch, len(boards) * len(REGIONS))
    bench.guest.expect("cd /tmp/batch && sha256sum --check --strict --quiet SHA256SUMS")
    with open(os.path.join(batch, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    units = {unit["folder"]: unit["standing"] for unit in report["units"]}
    check_equal(units, {evidence.folder_of(board): "verified" for board in boards}, "the units in report.json")
    step(f"{len(boards)} units verified; all images equal what the boards hold")


def total(ranges):
    return sum(size for _, size in ranges)
