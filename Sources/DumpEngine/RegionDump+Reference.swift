import DumpManifest

/// The image that a unit is thought to hold much of. It is worth time, and nothing else: without it all is read.
extension RegionDump {
  /// Opens it, where there is one and the unit's digests can tell what of it is right.
  func openReference() async throws(SessionError) {
    guard reuse == .reference || reuse == .batch else { return }
    guard let known = await bench.session.services.reference(region, bench.identity),
      // What is dumped here anew tells nothing of itself.
      known.unit != image.unitName
    else { return }
    guard digestMethod != nil else {
      // That of another unit nobody has asked for.
      guard known.unit == nil else { return }
      return bench.session.emit(
        .trouble(
          "\(region.name): the reference \(known.path) is not used: only digests of the unit could tell what of it is right, "
            + "and none is asked for here"))
    }
    do { reference = try await Disk.run { try ReferenceImage(known) } } catch {
      bench.session.emit(.trouble("\(region.name): goes without the reference \(known.path): \(error.message)"))
    }
  }

  /// What it has at a place; nil where it ends before. Somebody may cut or replace it at any time: then the rest goes
  /// without it.
  func referenceBytes(_ part: Range<Int>) async -> [UInt8]? {
    guard let image = reference else { return nil }
    do { return try await image.bytes(part) } catch {
      reference = nil
      bench.session.emit(.trouble("\(region.name): goes on without the reference: \(error.message)"))
      return nil
    }
  }
}
