/// Watches USB-serial adapters come and go.
///
/// Where udevd runs, an adapter is announced when udevd has finished with it, so that its permissions and links are
/// right; where udevd does not follow within 5 s, the adapter is taken as it is. A pull is told at once. Without udevd
/// the kernel's events are the source.
///
/// It needs no reading to stay small: it remembers what is there and what was told, not the events between. Letting go
/// of it and of its ``events`` closes everything.
public final class AdapterMonitor: Sendable {
  let listener: AdapterListener

  /// Begins to watch. `log` takes what a person should know, one line each: that no udevd runs, that it hangs, that
  /// events were lost. It is called on a thread of the monitor's own and must not wait.
  ///
  /// Blocks as ``Adapters/present()`` does. Fails where the kernel's events cannot be had, as in some sandboxes.
  public convenience init(log: @escaping @Sendable (String) -> Void = { _ in }) throws(UdevError) {
    try self.init(AdapterListener.Surroundings(), log: log)
  }

  init(_ surroundings: AdapterListener.Surroundings, log: @escaping @Sendable (String) -> Void) throws(UdevError) {
    listener = try AdapterListener(surroundings, log: log)
  }

  deinit { listener.close() }

  /// What happens, beginning with `.added` for each adapter that is there already.
  ///
  /// A slow reader is told of what is different by now: an adapter that came and went meanwhile is left out, several
  /// changes are one. But a pull is never left out: who knows an adapter that was pulled and plugged again is told
  /// `.removed`, then `.added`. For one reader at a time: where a second one begins, the first one's loop ends, and the
  /// second goes on where it was. A cancelled task's loop ends too; another may go on.
  public var events: AdapterEvents { AdapterEvents(monitor: self) }
}
