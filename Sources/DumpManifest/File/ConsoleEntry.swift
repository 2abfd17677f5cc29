import ConsoleDialect

/// How to talk to a console, as far as it is said in one place. A slot's entry is merged with the manifest's key by
/// key.
struct ConsoleEntry: Decodable, Sendable {
  var dialect: String?
  var speed: Int?
  var format: String?
  var autoboot: [AutobootEntry]?
  var login: [LoginEntry]?
  var prompt: Pattern?
  var method: String?
  var byteOrder: ByteOrder?
  var readLength: Quantity?
  var timeouts: TimeoutsEntry?
}

/// What to send when the console says that it is going to boot.
struct AutobootEntry: Decodable, Sendable {
  var when: Pattern
  var send: String
  var every: Double?
}

/// What to send when the console asks.
struct LoginEntry: Decodable, Sendable {
  var when: Pattern
  var send: String
}

/// Times in seconds.
struct TimeoutsEntry: Decodable, Sendable {
  var wake: Double?
  var reply: Double?
}
