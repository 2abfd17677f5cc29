import ArgumentParser
import DumpReport
import DurableFiles

/// `batchdump sign --key NAME.key REPORT-DIR…`.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign the checksums of batches, so that nobody can change a file and the list along with it.",
    discussion: """
      Each folder is verified first; where anything is wrong, or the batch has not ended, it is not signed. Exit status:
      0 all are signed, 1 one was not, 2 wrong command line or no key.
      """)

  @Argument(help: "The folders that the batches have left.", completion: .directory)
  var folders: [String]

  @Option(help: "The NAME.key that `batchdump keygen` has made.", completion: .file())
  var key: String

  func run() throws {
    let key: SigningKey
    do throws(DiskError) { key = try SigningKey(ofFile: self.key) } catch { throw Exit.refuse("batchdump: \(error)") }
    var refused = false
    for folder in folders {
      do throws(DiskError) {
        _ = try ListSignature.sign(folder, with: key)
        CommandOutput.say("\(SafeText(folder, limit: 4096)): signed by \(key.publicKey.fingerprint)")
      } catch {
        CommandOutput.tell("batchdump: \(SafeText("\(error)", limit: 2000))\n")
        refused = true
      }
    }
    if refused { throw ExitCode(1) }
  }
}
