import PositionedDocument

/// Reads where a slot's console is.
struct EndpointRule {
  /// The bytes that `sockaddr_un.sun_path` holds, without its closing zero (unix(7)).
  private static let longestSocketPath = 107
  /// The match rules that have a name of their own; others are udev properties in capitals.
  static let matchKeys = [
    "path", "serial", "vendor", "product", "driver", "interface", "port", "link", "hub", "hubPort",
  ]
  /// What a rule about a device above the adapter begins with; a udev property follows.
  private static let parent = "parent."

  let folder: ManifestFolder
  let findings: Findings

  /// The endpoint of a slot; nil where it is refused.
  func endpoint(of slot: SlotEntry, at path: DocumentPath) -> Sourced<Endpoint>? {
    var given: [String] = []
    if slot.tty != nil { given.append("tty") }
    if slot.link != nil { given.append("link") }
    if slot.match != nil { given.append("match") }
    guard given.count == 1, let key = given.first else {
      let found = given.isEmpty ? "none of them" : given.map { "`\($0)`" }.joined(separator: " and ")
      findings.add(path, "a slot has exactly one of `tty`, `link` and `match`; found \(found)")
      return nil
    }
    let place = path.key(key)
    let endpoint =
      if let tty = slot.tty {
        self.tty(tty, at: place)
      } else if let link = slot.link {
        self.link(link, at: place)
      } else {
        match(slot.match ?? [:], at: place)
      }
    return endpoint.map { Sourced(value: $0, path: place) }
  }

  private func tty(_ path: String, at place: DocumentPath) -> Endpoint? {
    guard let objection = objection(toPath: path, called: "the tty's path") else {
      return .tty(path: folder.resolve(path))
    }
    findings.add(place, objection)
    return nil
  }

  private func objection(toPath path: String, called what: String) -> String? {
    if path.isEmpty { return "\(what) is empty" }
    return path.utf8.contains(0) ? "\(what) contains a zero byte" : nil
  }

  private func link(_ link: String, at place: DocumentPath) -> Endpoint? {
    if link.hasPrefix("unix:") { return unix(String(link.dropFirst(5)), at: place) }
    if link.hasPrefix("tcp://") { return tcp(String(link.dropFirst(6)), at: place) }
    findings.add(place, "expected `tcp://HOST:PORT` or `unix:PATH`, found \"\(visible(link))\"")
    return nil
  }

  private func unix(_ path: String, at place: DocumentPath) -> Endpoint? {
    if let objection = objection(toPath: path, called: "the socket's path") {
      findings.add(place, objection)
      return nil
    }
    let resolved = folder.resolve(path)
    guard resolved.utf8.count <= Self.longestSocketPath else {
      let message = "the socket's path has \(resolved.utf8.count) bytes; at most \(Self.longestSocketPath) are possible"
      findings.add(place, message)
      return nil
    }
    return .unix(path: resolved)
  }

  /// `HOST:PORT`, with an IPv6 address in brackets.
  private func tcp(_ text: String, at place: DocumentPath) -> Endpoint? {
    guard let colon = text.lastIndex(of: ":"), text[colon...].dropFirst().allSatisfy(\.isNumber) else {
      findings.add(place, "expected `tcp://HOST:PORT`, found no port in \"\(visible("tcp://" + text))\"")
      return nil
    }
    guard let port = Int(text[colon...].dropFirst()), (1...65535).contains(port) else {
      findings.add(place, "expected a port from 1 to 65535, found \"\(visible(String(text[colon...].dropFirst())))\"")
      return nil
    }
    var host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    let isHost = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:%".contains($0)) }
    guard !host.isEmpty, isHost, isBracketed || !host.contains(":") else {
      let advice = "a name, an IPv4 address or an IPv6 address in brackets"
      findings.add(place, "expected \(advice) as host, found \"\(visible(String(text[..<colon])))\"")
      return nil
    }
    return .tcp(host: String(host), port: port)
  }

  private func match(_ rules: [String: String], at place: DocumentPath) -> Endpoint? {
    if rules.isEmpty { findings.add(place, "no rule is given; allowed: " + Self.matchKeys.joined(separator: ", ")) }
    var isGood = !rules.isEmpty
    for (key, value) in rules.sorted(by: { $0.key < $1.key }) where key != "$comment" {
      if !Self.matchKeys.contains(key), !isProperty(key) {
        let list = Suggestion.list(for: key, among: Self.matchKeys)
        let message =
          "unknown rule `\(visible(key))`; \(list), and udev's own properties in capitals, with `parent.` before them for "
          + "a device above"
        findings.add(keyAt: place.key(key), message)
        isGood = false
      }
      if let objection = Self.objection(to: value, of: key) {
        findings.add(place.key(key), objection)
        isGood = false
      }
    }
    return isGood ? .adapter(AdapterMatch(rules: rules.filter { $0.key != "$comment" })) : nil
  }

  /// Why a rule can match nothing, if so.
  private static func objection(to value: String, of key: String) -> String? {
    if value.isEmpty { return "an empty value matches nothing" }
    let digits = value.hasPrefix("0x") ? value.dropFirst(2) : value[...]
    let wildcards: Set<Character> = ["*", "?"]
    switch key {
    case "vendor", "product":
      if digits.count <= 4, digits.allSatisfy({ $0.isHexDigit || wildcards.contains($0) }) { return nil }
      return "expected up to four hex digits such as 0403, found \"\(visible(value))\""
    case "interface":
      return UInt8(digits, radix: 16) == nil ? "expected a hex number such as 00, found \"\(visible(value))\"" : nil
    case "port":
      return UInt8(value) == nil ? "expected a number such as 0, found \"\(visible(value))\"" : nil
    default: return nil
    }
  }

  private func isProperty(_ key: String) -> Bool {
    let name = key.hasPrefix(Self.parent) ? key.dropFirst(Self.parent.count) : key[...]
    guard let first = name.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "_")
    }
  }
}
