// swift-tools-version: 6.2
import PackageDescription

// Every target of ours speaks Swift 6 and stops at its own warnings; dependencies keep their settings.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
  name: "batchdump",
  products: [.executable(name: "batchdump", targets: ["batchdump"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // The way through the house: manifest → plan → scheduler → session (link + dialect) → image → report.
    .executableTarget(
      name: "batchdump",
      dependencies: [
        "AdapterList", "BatchScheduler", "DeviceSimulator", "DumpEngine", "DumpManifest", "DumpReport", "DurableFiles",
        "PositionedDocument", "ServiceNotifier", "SlotProgress", "Udev",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    .target(
      name: "BatchScheduler",
      dependencies: ["DumpManifest", "DumpEngine", "DumpReport", "DurableFiles", "HookRunner", "SerialLink", "Udev"],
      swiftSettings: strict),
    .target(
      name: "AdapterList",
      dependencies: ["BatchScheduler", "DumpManifest", "DumpReport", "SerialLink", "SlotProgress", "Udev"],
      swiftSettings: strict),
    .target(name: "SlotProgress", dependencies: ["DumpEngine", "DumpReport"], swiftSettings: strict),
    .target(
      name: "DumpReport",
      dependencies: [
        "DeviceDigests", "DumpEngine", "DumpManifest", "DurableFiles", "PositionedDocument", "TranscriptReplay",
        "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict, plugins: ["EmbedSchema"]),
    .target(
      name: "DumpEngine",
      dependencies: [
        "ConsoleDialect", "DeviceDigests", "DumpManifest", "DurableFiles", "SerialLink", "CZlib",
        .product(name: "NIOPosix", package: "swift-nio"),
      ], swiftSettings: strict),
    .target(
      name: "TranscriptReplay",
      dependencies: ["ConsoleDialect", "DeviceDigests", "DumpManifest", "DurableFiles", "CZlib"],
      swiftSettings: strict),
    .target(
      name: "DeviceDigests",
      dependencies: ["ConsoleDialect", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(name: "DumpManifest", dependencies: ["ConsoleDialect", "PositionedDocument"], swiftSettings: strict),
    .target(
      name: "ConsoleDialect", dependencies: ["PositionedDocument"], exclude: ["Dialects"],
      swiftSettings: strict + [.strictMemorySafety()], plugins: ["EmbedDialects"]),
    .target(name: "PositionedDocument", swiftSettings: strict),
    .target(
      name: "SerialLink",
      dependencies: [
        "CSerial", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ], swiftSettings: strict),
    .target(
      name: "DeviceSimulator",
      dependencies: [
        "CSerial", "CZlib", "PositionedDocument", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ], swiftSettings: strict),
    .target(
      name: "HookRunner", dependencies: [.product(name: "Subprocess", package: "swift-subprocess")],
      swiftSettings: strict),
    .target(name: "ServiceNotifier", swiftSettings: strict),
    .target(name: "Udev", dependencies: ["CUdev"], swiftSettings: strict),
    .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
    .target(name: "DurableFiles", dependencies: ["CDiskSpace"], swiftSettings: strict),
    .target(name: "CDiskSpace"),
    .target(name: "CSerial"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // A dialect is one JSON file; the plugin embeds all of them, so that adding one touches no source.
    .plugin(
      name: "EmbedDialects", capability: .buildTool(), dependencies: ["embed-texts"], path: "Sources/EmbedDialects"),
    .plugin(name: "EmbedSchema", capability: .buildTool(), dependencies: ["embed-texts"], path: "Sources/EmbedSchema"),
    .executableTarget(name: "embed-texts", swiftSettings: strict),

    .target(
      name: "TestSupport",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/TestSupport", swiftSettings: strict),

    // For developers, hence beside the tests: it starts the same boards and devices as they do.
    .executableTarget(
      name: "batchdump-bench",
      dependencies: [
        "BatchScheduler", "CAllocationCount", "ConsoleDialect", "DeviceSimulator", "DumpEngine", "DumpManifest",
        "HookRunner", "SerialLink", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], resources: [.copy("Peers/Scripts")], swiftSettings: strict),
    // Not in debug builds, where the tests link it too: their memory is not ours to count.
    .target(name: "CAllocationCount", cSettings: [.define("COUNTS_ALLOCATIONS", .when(configuration: .release))]),
    .testTarget(name: "BenchTests", dependencies: ["batchdump-bench", "TestSupport"], swiftSettings: strict),

    // What libFuzzer runs, by a package of its own in Tests/Fuzz, and ordinary tests too.
    .target(
      name: "FuzzTargets",
      dependencies: ["ConsoleDialect", "DumpEngine", "DumpManifest", "DumpReport", "TranscriptReplay", "CZlib"],
      path: "Tests/Fuzz/Targets", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),

    .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .systemLibrary(
      name: "CUmockdev", path: "Tests/CUmockdev", pkgConfig: "umockdev-1.0",
      providers: [.apt(["umockdev", "libumockdev-dev"])]),
    .target(
      name: "MockedAdapters", dependencies: ["Udev", "CUmockdev"], path: "Tests/MockedAdapters",
      swiftSettings: strict),
    .testTarget(
      name: "AdapterListTests",
      dependencies: [
        "AdapterList", "BatchScheduler", "DumpManifest", "MockedAdapters", "SerialLink", "TestSupport", "Udev",
        "batchdump",
      ], swiftSettings: strict),
    .testTarget(name: "UdevTests", dependencies: ["Udev", "MockedAdapters", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ServiceNotifierTests", dependencies: ["ServiceNotifier", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "HookRunnerTests", dependencies: ["HookRunner", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "DurableFilesTests", dependencies: ["DurableFiles", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "SlotProgressTests", dependencies: ["SlotProgress"], swiftSettings: strict),
    .testTarget(name: "PositionedDocumentTests", dependencies: ["PositionedDocument"], swiftSettings: strict),
    .testTarget(
      name: "ConsoleDialectTests", dependencies: ["ConsoleDialect", "CZlib"], resources: [.copy("Captures")],
      swiftSettings: strict),
    .testTarget(name: "DumpManifestTests", dependencies: ["DumpManifest"], swiftSettings: strict),
    .testTarget(name: "SerialLinkTests", dependencies: ["SerialLink", "CSerial"], swiftSettings: strict),
    .testTarget(
      name: "DeviceSimulatorTests", dependencies: ["DeviceSimulator", "TestSupport", "CSerial", "CZlib"],
      swiftSettings: strict),
    .testTarget(
      name: "DumpReportTests", dependencies: ["DeviceDigests", "DumpReport", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DumpEngineTests",
      dependencies: ["DeviceDigests", "DumpEngine", "DeviceSimulator", "TestSupport", "TranscriptReplay", "CZlib"],
      swiftSettings: strict),
    .testTarget(
      name: "TranscriptReplayTests", dependencies: ["TranscriptReplay", "TestSupport", "CZlib"],
      swiftSettings: strict),
    .testTarget(
      name: "BatchSchedulerTests",
      dependencies: [
        "BatchScheduler", "DumpReport", "DeviceSimulator", "SlotProgress", "TestSupport", "Udev",
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "UBootTests", dependencies: ["DumpEngine", "DumpManifest", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["batchdump", "DeviceDigests", "DeviceSimulator", "DumpEngine", "TestSupport"],
      swiftSettings: strict),
  ]
)
