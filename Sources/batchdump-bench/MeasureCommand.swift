import ArgumentParser
import Foundation

/// Runs benchmarks one after the other and prints a table of what they measured.
struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Run the benchmarks and print the table (the default command).",
    discussion: "Exit status: 0 every target is met, 1 one is missed or could not be measured.")

  @Option(name: .customLong("json"), help: "File that takes the results for programs.", completion: .file())
  var resultFile: String?

  @Option(name: .customLong("only"), help: "A benchmark to run, of those that --list prints; may be given again.")
  var wanted: [String] = []

  @Flag(name: .customLong("list"), help: "Print the benchmarks and run none.")
  var listsOnly = false

  func validate() throws {
    let names = allBenchmarks.map(\.name)
    for name in wanted where !names.contains(name) {
      throw ValidationError("There is no benchmark `\(name)`; there are \(names.joined(separator: ", ")).")
    }
  }

  func run() async throws {
    if listsOnly {
      for benchmark in allBenchmarks { print("\(benchmark.name): \(benchmark.summary)") }
      return
    }
    var results: [BenchmarkResult] = []
    for benchmark in allBenchmarks where wanted.isEmpty || wanted.contains(benchmark.name) {
      note("\(benchmark.name): \(benchmark.summary) …")
      var result = BenchmarkResult(benchmark: benchmark.name)
      // What the others have measured, or will, is not lost for one that cannot be.
      do { result.rows = try await benchmark.measure() } catch { result.failure = "\(error)" }
      note("\(benchmark.name): \(result.failure ?? (result.isMet ? "met" : "NOT MET"))")
      results.append(result)
      if let resultFile { try ResultFile(results: results).write(to: resultFile) }
    }
    print(ResultTable.text(results))
    guard results.allSatisfy(\.isMet) else { throw ExitCode.failure }
  }

  private func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
