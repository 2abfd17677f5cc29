/// The USB-serial adapters of this machine.
public enum Adapters {
  /// All adapters' ports that are there now, in the order of their nodes' numbers. Needs no udevd: what its database
  /// would tell is then taken from sysfs as far as possible.
  ///
  /// Reads some dozen small files for each adapter, hence blocks for a few milliseconds.
  public static func present() throws(UdevError) -> [Adapter] {
    try Sighting.all(UdevContext()).map(\.adapter)
  }
}
