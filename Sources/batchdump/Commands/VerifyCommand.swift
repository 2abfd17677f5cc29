import ArgumentParser
import DumpReport
import DurableFiles
import SlotProgress

/// `batchdump verify REPORT-DIR…`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Tell whether folders that batches have left are as they were left, complete and proven.",
    discussion: """
      Reads every file again and changes nothing. Exit status: 0 all right and complete, 1 something is wrong, 2 wrong
      command line or no batch's folder, 3 nothing is wrong, but something is incomplete or unproven, or the batch was
      killed or is at work.
      """)

  @Argument(help: "The folders.", completion: .directory)
  var folders: [String]

  @Option(help: "The NAME.pub of whoever signs: each folder has to be signed with it.", completion: .file())
  var key: String?

  @Flag(help: "Also rebuild each image from the unit's transcripts alone, and compare.")
  var fromTranscript = false

  @Flag(name: .shortAndLong, help: "Print only what is wrong.")
  var quiet = false

  func run() throws {
    let key: PublicKey?
    do throws(DiskError) { key = try self.key.map { path throws(DiskError) in try PublicKey(ofFile: path) } } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
    var verdicts: Set<BatchVerification.Verdict> = []
    var refused = false
    for folder in folders {
      do throws(DiskError) {
        let verification = try BatchVerification(folder: folder, key: key, rebuilds: fromTranscript)
        let text = VerificationText.text(verification, isQuiet: quiet)
        if !text.isEmpty { CommandOutput.say(folder == folders.last || quiet ? text : text + "\n") }
        verdicts.insert(verification.verdict)
      } catch {
        _ = Exit.refuse("batchdump: \(SafeText("\(error)", limit: 2000))")
        refused = true
      }
    }
    // What is wrong is the worst news, whatever else is to be said.
    if verdicts.contains(.wrong) { throw ExitCode(1) }
    if refused { throw Exit.usage }
    if verdicts.contains(.unfinished) { throw ExitCode(3) }
  }
}
