import SerialLink
import Udev

/// A port of an adapter with all that a list tells of it.
public struct AdapterRow: Sendable, Equatable {
  /// The adapter's port.
  public var adapter: Adapter
  /// What is known of its node; absent where the adapter is gone.
  public var state: NodeState?
  /// What a `path` rule for its socket says.
  public var path: String
  /// The slots whose rules it meets, in the manifest's order; absent where there is no manifest.
  public var slots: [String]?

  /// A port by all that is known of it.
  public init(_ adapter: Adapter, state: NodeState? = nil, path: String? = nil, slots: [String]? = nil) {
    self.adapter = adapter
    self.state = state
    if self.state?.standing == .missing { self.state?.problem = Self.missing }
    self.path = path ?? adapter.path
    self.slots = slots
  }

  /// Unlike for any other path, it is known here that the adapter is not unplugged.
  private static let missing =
    "plugged in, but its node is not in /dev: where this is a container, it must be given the device (--device)"

  /// What it is, in the fewest words: what it calls itself, else udev's name for it, else its driver.
  var title: String? { adapter.model ?? adapter.productName ?? adapter.driver }

  /// Its USB ids: `0403:6001`.
  var identifier: String { "\(adapter.vendor):\(adapter.product)" }
}
