"""The service does under systemd and in its sandbox what its units promise: a dump for each adapter that is plugged in,
and a watch that systemd watches, reloads and ends."""

import json
import os
import shutil

from bench import check, check_equal, evidence, note, step
from bench.unit import ENDED, FAILED, Unit
from bench.watch import FIRST, REGIONS, SECOND, expression, manifest

SOURCES = "Sources/SystemIntegration"
PREFIX = "/usr/local"
HOTPLUG = "/etc/batchdump/hotplug.json"
LINE = "/etc/batchdump/line.json"
WATCH = "batchdump-watch@line.service"
STATE = "/var/lib/batchdump"
SLOT = ("A1", "1.1")
# Seconds: the watchdog's limit, instead of the unit's, and how long it has to be fed.
WATCHDOG = 4
FED = 10
# What /proc tells of a confined process.
CONFINED = {"Umask": "0027", "NoNewPrivs": "1", "Seccomp": "2", "CapBnd": "0" * 16, "CapEff": "0" * 16}
# A folder that all may write into, were it not for the sandbox.
OPEN = "/srv/open"
HOOK = f"""
exec >"$STATE_DIRECTORY/told" 2>&1
echo "$BATCHDUMP_EVENT $BATCHDUMP_UNIT $BATCHDUMP_STANDING to $(id -un)"
touch {OPEN}/file && echo '{OPEN} can be written to'
ls /home && echo '/home can be read'
head -c 1 /dev/bus/usb/001/001 >/dev/null && echo 'what is no adapter can be opened'
echo end
"""


def run(bench):
    install(bench)
    board = bench.board()
    bench.plug("a", SLOT[1], "SAME")
    node = bench.wait_for_tty("a")
    unit = Unit(bench.guest, f"batchdump@{os.path.basename(node)}.service")
    check_equal(unit.show("ActiveState"), ["inactive"], f"{unit.name} without {HOTPLUG}")
    bench.unplug("a")

    dump_what_is_plugged(bench, unit, board)
    end_when_pulled(bench, unit, board)
    dump_again(bench, unit)
    bench.guest.expect(f"rm {HOTPLUG}")

    unit = Unit(bench.guest, WATCH)
    refuse_to_start(bench, unit)
    start(bench, unit)
    mark = restart_when_hung(bench, unit)
    watch_a_line(bench, unit, board, mark)
    stop(bench, unit, board)
    remove(bench)


def install(bench):
    step(f"install {SOURCES}")
    shutil.copytree(os.path.join(bench.repository, SOURCES), os.path.join(bench.guest.share, "sources"))
    bench.guest.expect(f"/share/sources/install {PREFIX}")
    bench.guest.expect("systemd-sysusers && systemctl daemon-reload && udevadm control --reload")
    note(f"there is {bench.guest.expect('id batchdump').strip()}")


def dump_what_is_plugged(bench, unit, board):
    """No more than plugging it in makes systemd dump what is behind an adapter."""
    put_manifest(bench, HOTPLUG, [FIRST])
    bench.plug("a")
    bench.attach("a", board)
    check_equal(unit.wait_for_end(), ENDED, f"the end of {unit.name}")
    batch = pull_newest(bench, "hotplug")
    evidence.check_complete(batch, board, [FIRST])
    evidence.check_sums(batch, 1)
    found = bench.guest.expect(f"find {STATE}/hotplug -printf '%y %u %g %m\\n' | sort -u").splitlines()
    check_equal(found, ["d batchdump batchdump 750", "f batchdump batchdump 640"], "whose the files are")
    note(f"{unit.name} has dumped {board.name}: its image equals the flash; {', '.join(found)}")


def end_when_pulled(bench, unit, board):
    """A dump ends with its adapter and keeps what it has."""
    bench.unplug("a")
    put_manifest(bench, HOTPLUG, [SECOND])
    mark = unit.mark
    bench.plug("a")
    unit.wait_for(expression(SLOT[0], "reading", {"region": SECOND.name}), since=mark)
    check_confined(bench, unit)
    bench.unplug("a")
    # batchdump sees that the adapter is gone, and so does systemd, which sends SIGTERM: whoever is first.
    end = unit.wait_for_end(mark)
    check(end in (ENDED, FAILED), f"{unit.name} to end by itself", end)
    held = sum(size for _, size in evidence.check_partial(pull_newest(bench, "hotplug"), board, SECOND))
    check(held > 0, f"something of {SECOND.name} to be held when the adapter was pulled")
    note(f"{unit.name}: {end}; the map claims {held:,} of {SECOND.size:,} bytes, all of them the board's")


def dump_again(bench, unit):
    """However the last one ended, an adapter that is plugged in is dumped."""
    put_manifest(bench, HOTPLUG, [FIRST])
    mark = unit.mark
    bench.plug("a")
    check_equal(unit.wait_for_end(mark), ENDED, f"the end of {unit.name}")
    note(f"{unit.name} has dumped it again")
    check_silent(unit)


def refuse_to_start(bench, unit):
    """It counts as started once it is ready, and so never with a wrong manifest."""
    step(f"start {WATCH} with a wrong manifest")
    bench.guest.put(LINE, "{}")
    status, _ = bench.guest.run(f"systemctl start {WATCH}")
    check(status != 0, f"`systemctl start {WATCH}` to fail")
    state = unit.show("ActiveState", "Result", "ExecMainStatus", "NRestarts")
    check_equal(state, ["failed", "exit-code", "2", "0"], f"the state of {WATCH}")


def start(bench, unit):
    step(f"start {WATCH} with a right one and a watchdog of {WATCHDOG} s")
    bench.guest.expect(f"install -d -m 777 {OPEN}")
    bench.guest.put("/etc/batchdump/hook", HOOK)
    put_manifest(bench, LINE, REGIONS)
    settings = f"[Service]\nWatchdogSec={WATCHDOG}\nRestartSec=0\n"
    bench.guest.put(f"/etc/systemd/system/{WATCH}.d/lab.conf", settings)
    bench.guest.expect(f"systemctl daemon-reload && systemctl start {WATCH}")
    check_equal(unit.show("Type", "ActiveState"), ["notify", "active"], f"the state of {WATCH}")
    check_confined(bench, unit)


def restart_when_hung(bench, unit):
    """Returns the place in its journal where it is started again."""
    step(f"{WATCH} hangs")
    mark = unit.mark
    bench.guest.expect(f"systemctl kill --kill-whom=main --signal=STOP {WATCH}")
    note(unit.wait_for("Watchdog timeout", since=mark).text)
    started = unit.wait_for(f"^Started {WATCH}", since=mark)
    note(started.text)
    return started.index


def watch_a_line(bench, unit, board, mark):
    """It dumps what comes, takes a new manifest meanwhile, and feeds its watchdog."""
    enough = bench.guest.start(f"sleep {FED}")  # less than the dump takes here
    started, process = unit.show("ActiveEnterTimestampMonotonic", "MainPID")
    reload(bench, unit)
    unit.wait_for(expression(SLOT[0], "identified", {"unit": board.mac}), since=mark)
    # Not before its hook has ended.
    unit.wait_for(expression(SLOT[0], "done", {}), since=mark)
    enough.wait(2 * FED)
    fed, still = unit.show("WatchdogTimestampMonotonic", "MainPID")
    check_equal(still, process, f"the process of {WATCH}")
    seconds = (int(fed) - int(started)) / 1e6
    check(seconds > FED - WATCHDOG, f"the watchdog to be fed for {FED} s", f"{seconds:.1f} s")
    note(f"it runs, and has last fed its watchdog {seconds:.1f} s after its start")


def reload(bench, unit):
    step(f"reload {WATCH} with one slot more, then with a wrong manifest")
    mark = unit.mark
    put_manifest(bench, LINE, REGIONS, {"A2": "1.2"})
    bench.guest.expect(f"systemctl reload {WATCH}")
    note(unit.wait_for(rf"^batchdump: read {LINE} again: 2 slots; ", since=mark).text)
    bench.guest.put(LINE, "{}")
    bench.guest.expect(f"systemctl reload {WATCH}")
    note(unit.wait_for("^batchdump: kept the manifest as it was", since=mark).text)
    check_equal(unit.show("ActiveState"), ["active"], f"the state of {WATCH}")


def stop(bench, unit, board):
    step(f"stop {WATCH}")
    mark = unit.mark
    bench.guest.expect(f"systemctl stop {WATCH}")
    check_equal(unit.wait_for_end(mark), ENDED, f"the end of {WATCH}")
    check_silent(unit)
    batch = pull_newest(bench, "line")
    evidence.check_complete(batch, board, REGIONS)
    evidence.check_sums(batch, len(REGIONS))
    with open(os.path.join(batch, "report.json"), encoding="utf-8") as file:
        units = {unit["folder"]: unit["standing"] for unit in json.load(file)["units"]}
    check_equal(units, {evidence.folder_of(board): "verified"}, "the units in report.json")
    told = bench.guest.read(f"{STATE}/line/told").decode()
    check(told.startswith(f"unit-finished {board.mac} verified to batchdump\n"), "the hook to be told", told)
    check(" can be " not in told and told.endswith("\nend\n"), "the hook to be in the sandbox", told)
    for line in told.splitlines():
        note(f"the hook: {line}")


def remove(bench):
    bench.guest.expect(f"/share/sources/install --remove {PREFIX}")
    check_equal(bench.guest.expect(f"find {PREFIX}/lib -type f"), "", "what is left after it was removed")


def check_confined(bench, unit):
    """The process is the user's, may open adapters, and has none but the rights that the sandbox leaves."""
    (process,) = unit.show("MainPID")
    lines = bench.guest.expect(f"cat /proc/{process}/status").splitlines()
    status = dict(line.split(":", 1) for line in lines)
    check_equal({key: status[key].strip() for key in CONFINED}, CONFINED, f"the confinement of {unit.name}")
    user, group, adapters = bench.guest.expect(
        "id -u batchdump; id -g batchdump; sed -n 's/^dialout:[^:]*:\\([0-9]*\\):.*/\\1/p' /etc/group"
    ).splitlines()
    found = {key: sorted(set(status[key].split())) for key in ("Uid", "Gid", "Groups")}
    expected = {"Uid": [user], "Gid": [group], "Groups": sorted({group, adapters})}
    check_equal(found, expected, f"whose process {unit.name} is")
    note(f"{unit.name} is confined: {', '.join(f'{key} {value}' for key, value in CONFINED.items())}")


def check_silent(unit):
    """What it does not get and can do without is told by words only."""
    complaints = [line.text for line in unit.lines(r"errno|not permitted|denied")]
    check(not complaints, f"{unit.name} to lack no right", complaints)


def pull_newest(bench, folder):
    newest = bench.guest.expect(f"ls -d {STATE}/{folder}/*/ | tail -n 1").strip()
    return bench.guest.pull(newest.rstrip("/"))


def put_manifest(bench, path, regions, more_slots=None):
    content = manifest(dict([SLOT]) | (more_slots or {}), regions)
    if path == LINE:
        content["hooks"] = {"unitFinished": ["sh", "/etc/batchdump/hook"]}
    bench.guest.put(path, json.dumps(content, indent=2))
