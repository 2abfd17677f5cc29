import Foundation

/// The content of `report.json`, a form of its own that other programs may rely on.
///
/// It changes apart from the engine's types: fields may be added within a version; whatever else changes counts
/// ``version`` up. `Manifests/report.schema.json` describes it. Sizes are in bytes, times ISO 8601 in UTC with
/// milliseconds, addresses and offsets hex strings, digests lower-case hex. What is unknown is absent.
public struct Report: Codable, Sendable, Equatable {
  /// What ``format`` always is.
  public static let format = "batchdump-report"
  /// The version that this program writes.
  public static let version = 1

  /// `batchdump-report`.
  public var format: String
  /// Version of the form.
  public var version: Int
  /// Version of the program.
  public var toolVersion: String
  /// The manifest's name.
  public var batch: String
  /// What was run.
  public var manifest: Manifest
  /// When the batch began.
  public var started: Date
  /// When it ended.
  public var ended: Date
  /// Whether the user stopped it.
  public var interrupted: Bool
  /// What the program ends with after these units. A line ends with 0 all the same, and a batch with 3 instead of 0 where
  /// there are units besides whose state cannot be read.
  public var exitStatus: Int
  /// The batch in numbers.
  public var summary: Summary
  /// The units, in the manifest's order of slots.
  public var units: [Unit]

  /// The manifest that was run.
  public struct Manifest: Codable, Sendable, Equatable {
    /// File name as the user gave it.
    public var file: String
    /// Digest of the file's bytes.
    public var sha256: String
  }

  /// The batch in numbers. A unit counts in exactly one of verified, complete, partial and failed.
  public struct Summary: Codable, Sendable, Equatable {
    /// All units.
    public var units: Int
    /// Units with every region complete, every byte proven and every check passed.
    public var verified: Int
    /// Units with every region complete and every check passed, but bytes without evidence.
    public var complete: Int
    /// Units with some usable region.
    public var partial: Int
    /// Units without any.
    public var failed: Int
    /// Bytes that the manifest asks for.
    public var bytesWanted: Int
    /// Bytes that are held.
    public var bytesHeld: Int
    /// Bytes of verified regions.
    public var bytesVerified: Int
    /// Of the bytes held, those that were not read from their unit but known by its digests.
    public var bytesReused: Int
  }
}
