import ArgumentParser
import DumpReport
import DurableFiles

/// `batchdump keygen NAME`.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a key to sign batches with: NAME.key, which stays secret, and NAME.pub for whoever verifies.")

  @Argument(help: "What both files are called; what is there already is never written over.", completion: .file())
  var name: String

  func run() throws {
    let key = SigningKey()
    do throws(DiskError) { try key.write(named: name) } catch { throw Exit.refuse("batchdump: \(error)") }
    let shown = SafeText(name, limit: 4096)
    CommandOutput.say("\(shown).key: the private key; keep it secret and keep a copy")
    CommandOutput.say("\(shown).pub: the public key, \(key.publicKey.fingerprint)")
  }
}
