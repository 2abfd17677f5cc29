import PositionedDocument

/// A slot's entry for something laid over the manifest's, key by key; each value knows where it was written.
struct Layers<Entry> {
  /// The entry that comes first, and its place.
  var own: Entry?
  var ownPath: DocumentPath
  /// The entry that fills what the first leaves open, and its place.
  var common: Entry?
  var commonPath: DocumentPath

  /// The value of `key`, from the slot or else from the manifest.
  func value<Value>(_ key: String, _ read: (Entry) -> Value?) -> Sourced<Value>? {
    if let value = own.flatMap(read) { return Sourced(value: value, path: ownPath.key(key)) }
    return common.flatMap(read).map { Sourced(value: $0, path: commonPath.key(key)) }
  }

  /// The layers of an entry within this one.
  func inner<Inner>(_ key: String, _ read: (Entry) -> Inner?) -> Layers<Inner> {
    Layers<Inner>(
      own: own.flatMap(read), ownPath: ownPath.key(key), common: common.flatMap(read), commonPath: commonPath.key(key))
  }
}
