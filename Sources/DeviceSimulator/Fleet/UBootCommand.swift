/// A command that a simulated U-Boot can have.
public enum UBootCommand: String, Decodable, Sendable, CaseIterable {
  case base, bdinfo, cmp, crc32, echo, hash, help, md, md5sum, mw, printenv, reset, setenv, sf, sha1sum, version

  /// Those of Debian's build for QEMU's arm board.
  public static let usual: Set<UBootCommand> = [
    .base, .bdinfo, .cmp, .crc32, .echo, .help, .md, .mw, .printenv, .reset, .setenv, .version,
  ]
}
