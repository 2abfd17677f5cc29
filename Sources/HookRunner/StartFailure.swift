import Foundation
import Subprocess

/// Why a program could not be started, in words for people.
struct StartFailure: CustomStringConvertible {
  let description: String

  /// The library tells a missing program from none that may be run only by its name; the file system knows more.
  init(of program: String, error: any Error) {
    guard let error = error as? SubprocessError else {
      description = "\(error)"
      return
    }
    guard error.code == .executableNotFound else {
      description = error.underlyingError.map { String(cString: strerror($0.rawValue)) } ?? "\(error)"
      return
    }
    description = Self.reason(program)
  }

  private static func reason(_ program: String) -> String {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder), isFolder.boolValue {
      return "it is a folder"
    }
    guard program.contains("/") else { return "there is no such program in PATH that may be run" }
    if access(program, F_OK) != 0 { return String(cString: strerror(errno)) }
    if access(program, X_OK) != 0 { return "the file is not executable; try chmod +x" }
    return "the interpreter that its first line names is missing"
  }
}
