import ConsoleDialect
import DumpManifest

/// Rebuilds a unit's images from its transcripts alone.
///
/// A line counts as it counts in a session: only where its address, its cells and its characters agree. Where lines were
/// seen differently, what the unit's last digest over them bears out is chosen; where there is none, what was seen
/// twice, and then what was seen last. Takes about as much memory as the regions have bytes, and a quarter more.
public struct ImageRebuild {
  private let plan: SlotPlan
  private let reader: TranscriptReader

  /// - Parameters:
  ///   - plan: what was to be dumped, and in which dialect.
  ///   - folder: the unit's folder.
  /// - Throws: where the folder cannot be read.
  public init(plan: SlotPlan, folder: String) throws(TranscriptError) {
    self.plan = plan
    reader = try TranscriptReader(folder: folder)
  }

  /// Reads all transcripts and returns the plan's regions, in order.
  ///
  /// - Throws: the file and line where a transcript cannot be read.
  public func run() throws(TranscriptError) -> [RebuiltRegion] {
    var forms: [String: ReplyForm] = [:]
    while true {
      var collector = RegionCollector(plan, forms)
      var dialogue = Dialogue(plan)
      try reader.read { record in
        dialogue.take(record, &collector)
        return collector.wantsMore
      }
      // Methods are tried out at the beginning, so little is read twice.
      guard let method = collector.unknown else { return regions(&collector) }
      forms[method.name] = try FormLearner.form(of: method, reader, plan)
    }
  }

  private func regions(_ collector: inout RegionCollector) -> [RebuiltRegion] {
    collector.finish()
    return plan.regions.enumerated().map { index, region in
      let choice = DigestChoice(collector.sightings[index], collector.digests(of: index))
      return RebuiltRegion(name: region.name, file: region.file, choice)
    }
  }
}
