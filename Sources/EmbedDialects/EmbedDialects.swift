import Foundation
import PackagePlugin

/// Embeds the dialect files of a target: adding one touches no source.
@main
struct EmbedDialects: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Dialects")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedDialects.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) dialects", executable: try context.tool(named: "embed-texts").url,
        arguments: ["embeddedDialects", output.path(percentEncoded: false)]
          + files.map { $0.path(percentEncoded: false) },
        inputFiles: files, outputFiles: [output])
    ]
  }
}
