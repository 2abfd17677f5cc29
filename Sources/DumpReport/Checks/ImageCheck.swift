import DumpEngine
import DumpManifest
import Foundation

/// A check of a finished image's content: is what was dumped what it claims to be?
///
/// A new check is a new file with a new type, its word in `ImageCheckRule.Kind`, and its line in ``ImageChecks``.
public protocol ImageCheck: Sendable {
  /// Looks at the image. Time and memory are bounded, whatever the image holds.
  func run(on image: Span<UInt8>) -> CheckResult
}

/// The checks that a manifest asks for.
public enum ImageChecks {
  /// Runs all checks on the image at `path`, in the rules' order. Calls block. The file is mapped, not loaded.
  ///
  /// An image that cannot be read fails every check, with the reason.
  public static func run(rules: [ImageCheckRule], on path: String) -> [CheckResult] {
    guard !rules.isEmpty else { return [] }
    do {
      let image = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
      return rules.map { check(for: $0).run(on: image.span) }
    } catch {
      let message = "cannot read \(path): \(error.localizedDescription); see whether something else moved the file"
      return rules.map { CheckResult(kind: $0.kind.rawValue, passed: false, message: message) }
    }
  }

  private static func check(for rule: ImageCheckRule) -> any ImageCheck {
    switch rule.kind {
    case .gzip: GzipCheck(offset: rule.offset)
    case .romfs: RomfsCheck(offset: rule.offset)
    }
  }
}

extension ImageCheckRule.Kind {
  /// An outcome of this kind of check.
  func result(passed: Bool, _ message: String) -> CheckResult {
    CheckResult(kind: rawValue, passed: passed, message: message)
  }
}
