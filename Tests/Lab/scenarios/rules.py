"""The project's udev rules do to an adapter what they promise."""

import os
import re

from bench import check, check_equal, note, step

RULES = "Sources/SystemIntegration/60-batchdump.rules"
NAME = os.path.basename(RULES)
MANIFEST = "/etc/batchdump/hotplug.json"  # without it, plugging an adapter starts nothing
GROUP = "dialout"
LATENCY = "1"  # milliseconds, of the FTDI's timer
IGNORE = "ID_MM_DEVICE_IGNORE"
COMPLAINT = r"(?i)\b(invalid|unknown|failed|ignor)"


def run(bench):
    bench.plug("a", "1.1", "SAME")
    node = bench.wait_for_tty("a")
    note(f"without the rules its latency timer is {latency_timer(bench, node)}")
    bench.unplug("a")

    step(f"install {RULES}")
    with open(os.path.join(bench.repository, RULES), encoding="utf-8") as file:
        bench.guest.put(f"/etc/udev/rules.d/{NAME}", file.read())
    bench.guest.expect("udevadm control --reload")
    bench.plug("a")
    node = bench.wait_for_tty("a")
    check_sound(bench, node)
    check_access(bench, node)
    check_left_alone(bench, node)
    check_equal(latency_timer(bench, node), LATENCY, "the latency timer")
    note(f"its latency timer is {LATENCY} ms")
    check_equal(properties(bench, f"--name={node}").get("SYSTEMD_WANTS"), None, f"SYSTEMD_WANTS without {MANIFEST}")

    bench.unplug("a")
    step(f"put a manifest for hot-plugged adapters at {MANIFEST}")
    bench.guest.put(MANIFEST, "{}")
    bench.plug("a")
    node = bench.wait_for_tty("a")
    tty = properties(bench, f"--name={node}")
    check_equal(tty.get("SYSTEMD_WANTS"), f"batchdump@{os.path.basename(node)}.service", "SYSTEMD_WANTS")
    check(":systemd:" in tty["TAGS"], "the tag by which systemd sees the tty", tty["TAGS"])
    note(f"SYSTEMD_WANTS={tty['SYSTEMD_WANTS']}")


def check_sound(bench, node):
    """udevd understands each line; it would leave out one that it does not."""
    tested = bench.guest.expect(f"udevadm test $(udevadm info --query=path --name={node})")
    check(NAME in tested, f"udev to have read {NAME}", tested)
    complaints = [line for line in tested.splitlines() if f"{NAME}:" in line and re.search(COMPLAINT, line)]
    check(not complaints, "udev to have nothing against the rules", complaints)
    note("udev has nothing against them")


def check_access(bench, node):
    """Members of the group may open the tty, and who sits at the machine."""
    group, mode = bench.guest.expect(f"stat --format='%G %a' {node}").split()
    check_equal(group, GROUP, f"the group of {node}")
    opening = f"sh -c ': <>{node}'"
    bench.guest.expect(f"setpriv --reuid=nobody --regid=nogroup --groups={GROUP} {opening}")
    status, _ = bench.guest.run(f"setpriv --reuid=nobody --regid=nogroup --clear-groups {opening}")
    check(status != 0, f"nobody else to open {node}")
    tags = properties(bench, f"--name={node}")["TAGS"]
    check(":uaccess:" in tags, "the tag by which logind lets in who sits at the machine", tags)
    note(f"{node} has group {group}, mode {mode} and the tags {tags}; the group may open it, others may not")


def check_left_alone(bench, node):
    """ModemManager looks for its sign at the tty and at the USB device that it belongs to."""
    usb = properties(bench, f"--path=$(udevadm info --query=path --name={node} | sed 's|/[^/]*:1\\.0/.*||')")
    signs = {"tty": properties(bench, f"--name={node}").get(IGNORE), "USB device": usb.get(IGNORE)}
    check("1" in signs.values(), f"{IGNORE}=1 at the tty or its USB device", signs)
    note(f"{IGNORE}: {signs}")


def latency_timer(bench, node):
    return bench.guest.expect(f"cat /sys/bus/usb-serial/devices/{os.path.basename(node)}/latency_timer").strip()


def properties(bench, device):
    lines = bench.guest.expect(f"udevadm info --query=property {device}").splitlines()
    return dict(line.split("=", 1) for line in lines)
