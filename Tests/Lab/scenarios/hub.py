"""A hub is pulled with all adapters on it while they are in use; when it is back, every slot goes on by itself."""

from bench import check_equal, evidence, step
from bench.watch import REGIONS, SECOND, Watch

SLOTS = {"A1": ("a", "1.1"), "A2": ("b", "1.2"), "A3": ("c", "1.3")}


def run(bench):
    boards = {slot: bench.board() for slot in SLOTS}
    watch = Watch(bench.guest, {slot: port for slot, (_, port) in SLOTS.items()})
    for slot, (adapter, port) in SLOTS.items():
        bench.plug(adapter, port, "SAME")
        bench.attach(adapter, boards[slot])
    watch.wait_for("A1", "reading", region=SECOND.name)

    mark = watch.mark
    bench.unplug_hub()
    for slot in SLOTS:
        watch.wait_for(slot, "no adapter", timeout=30, since=mark)
    bench.plug_hub()
    for slot in SLOTS:
        watch.wait_for(slot, "verified", timeout=200, since=mark)

    check_equal(watch.terminate(), 0, "the exit status of `batchdump watch`")
    batch = watch.pull()
    for board in boards.values():
        evidence.check_complete(batch, board, REGIONS)
    evidence.check_sums(batch, len(boards) * len(REGIONS))
    step(f"{len(boards)} units complete; all images equal what the boards hold")
