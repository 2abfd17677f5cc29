/// What is told where no adapter is there.
enum NoAdapters {
  static let text = """
    No USB-serial adapter is here: no tty in /sys/class/tty belongs to a USB device. To find out why:
      lsusb                    Is the adapter listed? If not, look at cable, hub and power; a virtual
                               machine or a container must be given the device.
      sudo dmesg | tail -n 30  Is there "attached to ttyUSB0", or "ttyACM0: USB ACM device"? If it was
                               attached and taken away again, a program took it: brltty does that.
      lsmod | grep -i serial   Is a driver loaded? If not, try sudo modprobe with the adapter's:
                               ftdi_sio, cp210x, ch341, pl2303 or cdc_acm.
    """
}
