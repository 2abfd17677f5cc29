"""`batchdump list --watch` tells of plug and pull while udevd hangs, while there is none, and when it is back."""

from bench import check, note, step

PORT = "1.1"
# Without its sockets, or systemd would start it at the next event.
UDEVD = "systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket"


def run(bench):
    watch = bench.guest.start("batchdump list --watch --json")
    plug(bench, watch, "first")

    step("udevd hangs")
    bench.guest.expect("systemctl kill --signal=STOP systemd-udevd")
    # udevd is given 5 s, then the adapter is taken as it is; a pull is never waited for.
    pull(bench, watch, "first")
    plug(bench, watch, "second")
    bench.guest.expect("systemctl kill --signal=CONT systemd-udevd")
    bench.guest.expect("udevadm settle --timeout=60")

    step("udevd ends")
    bench.guest.expect(f"systemctl stop {UDEVD}")
    pull(bench, watch, "second")
    plug(bench, watch, "third")

    step("udevd starts again")
    bench.guest.expect(f"systemctl start {UDEVD} && udevadm settle --timeout=60")
    pull(bench, watch, "third")
    line = plug(bench, watch, "fourth")
    link = f"/dev/serial/by-path/{bench.path(PORT)}-port0"
    check(link in line, f"udevd's link {link} with the adapter", line)

    watch.signal("INT")
    status = watch.wait(30)
    check(status == 0, "exit status 0 after ctrl-C", status)


def plug(bench, watch, adapter):
    """Plugs an adapter, which must be told; returns the line that tells of it."""
    mark = watch.mark
    # Each is a new one: the bench waits for udevd before it plugs one again.
    bench.plug(adapter, PORT, adapter.upper())
    line = watch.wait_for(rf'0:{PORT}:.*"added"', 60, since=mark)
    note("was told")
    return line.text


def pull(bench, watch, adapter):
    mark = watch.mark
    bench.unplug(adapter)
    watch.wait_for(rf'0:{PORT}:.*"removed"', 60, since=mark)
    note("was told")
