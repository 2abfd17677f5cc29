import PositionedDocument

/// Refuses regions of one unit that share bytes: then at least one of them is not where its author thinks.
struct OverlapRule {
  let findings: Findings

  func check(_ regions: [Sourced<RegionPlan>]) {
    for (index, region) in regions.enumerated() {
      for earlier in regions[..<index] where earlier.value.sharesBytes(with: region.value) {
        findings.add(
          region.path,
          "region `\(visible(region.value.name))` (\(region.value.extent)) overlaps region "
            + "`\(visible(earlier.value.name))` (\(earlier.value.extent))")
      }
    }
  }
}

extension RegionPlan {
  /// First and last address or offset.
  fileprivate var bounds: ClosedRange<UInt64> {
    switch source {
    case .mapped(let address): address...address + UInt64(size - 1)
    case .staged(let staging): staging.offset...staging.offset + UInt64(size - 1)
    }
  }

  fileprivate var extent: String { "\(bounds.lowerBound.hex) to \(bounds.upperBound.hex)" }

  /// Offsets are of the same flash only where the same command reads them.
  fileprivate func sharesBytes(with other: RegionPlan) -> Bool {
    switch (source, other.source) {
    case (.mapped, .mapped): bounds.overlaps(other.bounds)
    case (.staged(let one), .staged(let two)): one.command == two.command && bounds.overlaps(other.bounds)
    default: false
    }
  }
}
