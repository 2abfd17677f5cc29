// swift-tools-version: 6.2
import PackageDescription

// The fuzzers, built apart from the program: only here is code instrumented, and nothing is fetched or compiled that the
// targets do not need. `Modules` links to the sources, made by `run`; a file that a target comes to need is added to its
// list below.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let watched: [SwiftSetting] =
  strict + [
    .unsafeFlags([
      "-O", "-sanitize=address", "-sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table",
    ])
  ]

func module(_ name: String, _ dependencies: [Target.Dependency], only sources: [String]? = nil) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Modules/\(name)", sources: sources, swiftSettings: watched)
}

let package = Package(
  name: "batchdump-fuzz",
  targets: [
    .executableTarget(
      name: "batchdump-fuzz", dependencies: ["FuzzTargets", "CFuzzer"], path: "Driver", swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    .target(name: "CFuzzer", path: "CFuzzer"),
    .target(
      name: "FuzzTargets",
      dependencies: ["ConsoleDialect", "DumpEngine", "DumpManifest", "DumpReport", "TranscriptReplay", "CZlib"],
      path: "Targets", swiftSettings: watched),

    module("PositionedDocument", []),
    .target(
      name: "ConsoleDialect", dependencies: ["PositionedDocument"], path: "Modules/ConsoleDialect",
      exclude: ["Dialects"], swiftSettings: watched, plugins: ["EmbedDialects"]),
    module("DumpManifest", ["ConsoleDialect", "PositionedDocument"]),
    module("DurableFiles", ["CDiskSpace"]),
    // Without sessions, and so without SwiftNIO.
    module(
      "DumpEngine", ["ConsoleDialect", "DumpManifest", "DurableFiles", "CZlib"],
      only: ["State", "Evidence.swift", "UnitResult.swift"]),
    // Without digests of files, and so without Swift Crypto.
    module(
      "DumpReport", ["DumpEngine", "DumpManifest", "DurableFiles"],
      only: [
        "Report", "BatchResult.swift", "GroupedNumber.swift", "ProgramExit.swift", "SafeText.swift",
        "UnitStanding.swift",
      ]),
    module("TranscriptReplay", ["CZlib"], only: ["Reading"]),

    .target(name: "CDiskSpace", path: "Modules/CDiskSpace"),
    .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib"),
    .plugin(
      name: "EmbedDialects", capability: .buildTool(), dependencies: ["embed-texts"],
      path: "Modules/EmbedDialects"),
    .executableTarget(name: "embed-texts", path: "Modules/embed-texts", swiftSettings: strict),
  ]
)
