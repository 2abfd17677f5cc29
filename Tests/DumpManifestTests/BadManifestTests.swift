import DumpManifest
import Testing

@Suite("A manifest that cannot be right is refused with all that is wrong with it, and where")
struct BadManifestTests {
  @Test(
    arguments: [
      BadManifest.values, BadManifest.lists, BadManifest.names, BadManifest.slots, BadManifest.console,
      BadManifest.commands, BadManifest.staging, BadManifest.policy,
    ].flatMap(\.self))
  func refused(manifest: BadManifest) {
    #expect(manifest.complaints == manifest.message)
  }
}
