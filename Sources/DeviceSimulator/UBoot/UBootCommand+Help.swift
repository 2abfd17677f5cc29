/// Help texts as U-Boot 2023.01 prints them.
extension UBootCommand {
  /// What `help` lists behind the name.
  var summary: String {
    switch self {
    case .base: "print or set address offset"
    case .bdinfo: "print Board Info structure"
    case .cmp: "memory compare"
    case .crc32: "checksum calculation"
    case .echo: "echo args to console"
    case .hash: "compute hash message digest"
    case .help: "print command description/usage"
    case .md: "memory display"
    case .md5sum: "compute MD5 message digest"
    case .mw: "memory write (fill)"
    case .printenv: "print environment variables"
    case .reset: "Perform RESET of the CPU"
    case .setenv: "set environment variables"
    case .sf: "SPI flash sub-system"
    case .sha1sum: "compute SHA1 message digest"
    case .version: "print monitor, compiler and linker version"
    }
  }

  private var synopsis: String {
    switch self {
    case .base:
      "\n    - print address offset for memory commands\nbase off\n    - set address offset for memory commands to 'off'"
    case .bdinfo, .version: ""
    case .cmp: "[.b, .w, .l, .q] addr1 addr2 count"
    case .crc32: "address count [addr]\n    - compute CRC32 checksum [save at addr]"
    case .echo: "[-n] [args..]\n    - echo args to console; -n suppresses newline"
    case .hash: "algorithm address count"
    case .help: "\n\t- print brief description of all commands\nhelp command ...\n\t- print detailed usage of 'command'"
    case .md: "[.b, .w, .l, .q] address [# of objects]"
    case .md5sum, .sha1sum: "address count"
    case .mw: "[.b, .w, .l, .q] address value [count]"
    case .printenv:
      "[-a]\n    - print [all] values of all environment variables\n"
        + "printenv name ...\n    - print value of environment variable 'name'"
    case .reset: "- cold boot without level specifier\nreset -w - warm reset if implemented"
    case .setenv:
      "[-f] name value ...\n    - [forcibly] set environment variable 'name' to 'value ...'\n"
        + "setenv [-f] name\n    - [forcibly] delete environment variable 'name'"
    case .sf:
      "probe [[bus:]cs] [hz] [mode]\t- init flash device on given SPI bus\n\t\t\t\t  and chip select\n"
        + "sf read addr offset|partition len\t- read `len' bytes starting at\n\t\t\t\t          `offset' or from start of mtd\n"
        + "\t\t\t\t\t  `partition'to memory at `addr'"
    }
  }

  /// What a wrong call and `help NAME` print.
  var usageText: String { "\(rawValue) - \(summary)\n\nUsage:\n\(rawValue) \(synopsis)\n" }

  /// Words that a call may have, the command's own among them; more give the usage text.
  var maximumWords: Int {
    switch self {
    case .bdinfo, .version: 1
    case .base, .reset: 2
    case .md, .md5sum, .sha1sum: 3
    case .cmp, .crc32, .hash, .mw: 4
    case .sf: 5
    case .echo, .help, .printenv, .setenv: 64
    }
  }

  /// Whether an empty line runs it again.
  var isRepeatable: Bool {
    switch self {
    case .setenv, .reset, .sf: false
    default: true
    }
  }
}
