"""`batchdump list` shows each adapter with its port, also where serials are equal."""

import json

from bench import check, check_equal, note, step

ADAPTERS = {"a": ("1.1", "SAME"), "b": ("1.2", "SAME"), "c": ("1.3", "THIRD")}


def run(bench):
    for name, (port, serial) in ADAPTERS.items():
        bench.plug(name, port, serial)
    nodes = {name: bench.wait_for_tty(name) for name in ADAPTERS}

    step("batchdump list --json")
    by_path = adapters_by_path(bench)
    check_equal(sorted(by_path), sorted(bench.path(port) for port, _ in ADAPTERS.values()), "the adapters' paths")
    for name, (port, serial) in ADAPTERS.items():
        adapter = by_path[bench.path(port)]
        expected = {
            "node": nodes[name],
            "vendor": "0403",
            "product": "6001",
            "serial": serial,
            "driver": "ftdi_sio",
        }
        check_equal({key: adapter.get(key) for key in expected}, expected, f"adapter {name} in the list")
        link = f"/dev/serial/by-path/{bench.path(port)}-port0"
        check(link in adapter["links"], f"adapter {name} to have the link {link}", adapter["links"])
        note(f"{nodes[name]} at {adapter['path']}, serial {serial}")

    step("batchdump list")
    table = bench.guest.expect("batchdump list")
    for line in table.splitlines():
        note(line)
    for name, (port, _) in ADAPTERS.items():
        rows = [line for line in table.splitlines() if line.startswith(f"{nodes[name]} ")]
        check_equal(len(rows), 1, f"the number of the table's rows of {nodes[name]}")
        check(f"0:{port}:" in rows[0], f"port {port} in the line of {nodes[name]}", rows[0])

    bench.unplug("b")
    bench.wait_for_no_tty("b")
    remaining = sorted(bench.path(ADAPTERS[name][0]) for name in "ac")
    check_equal(sorted(adapters_by_path(bench)), remaining, "the adapters' paths after one was pulled")


def adapters_by_path(bench):
    listed = json.loads(bench.guest.expect("batchdump list --json"))["adapters"]
    # Consoles of the machine itself may be listed too; what is on the hub is what this scenario is about.
    return {adapter["path"]: adapter for adapter in listed if "-usb-0:" in (adapter.get("path") or "")}
