/// What has happened to an adapter.
public enum AdapterEvent: Sendable, Hashable {
  /// It is there and ready to be opened.
  case added(Adapter)
  /// Something about it is another than before.
  case changed(Adapter)
  /// It is gone; the value says how it was last.
  case removed(Adapter)
}
