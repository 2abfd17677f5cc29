import Foundation
import PackagePlugin

/// Embeds the report's schema, so that `batchdump verify` holds reports against the very file that others are given.
@main
struct EmbedSchema: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let schema = context.package.directoryURL.appending(path: "Manifests/report.schema.json")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSchemas.swift")
    return [
      .buildCommand(
        displayName: "Embedding the report's schema", executable: try context.tool(named: "embed-texts").url,
        arguments: ["embeddedSchemas", output.path(percentEncoded: false), schema.path(percentEncoded: false)],
        inputFiles: [schema], outputFiles: [output])
    ]
  }
}
