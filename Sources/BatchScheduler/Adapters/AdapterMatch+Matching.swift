import DumpManifest
import Glibc
import Udev

extension AdapterMatch {
  private static let linkFolder = "/dev/serial/by-path/"
  private static let parent = "parent."

  /// Whether an adapter meets all rules.
  public func matches(_ adapter: Adapter) -> Bool {
    rules.allSatisfy { Self.isMet($0.key, $0.value, by: adapter) } && meetsHubRules(adapter)
  }

  private static func isMet(_ key: String, _ wanted: String, by adapter: Adapter) -> Bool {
    switch key {
    case "path":
      let socket = wanted.hasPrefix(linkFolder) ? String(wanted.dropFirst(linkFolder.count)) : wanted
      return [adapter.path, adapter.portPath].contains { fits($0, socket) }
    case "serial": return fits(adapter.serial, wanted)
    case "vendor": return fits(adapter.vendor, digits(wanted))
    case "product": return fits(adapter.product, digits(wanted))
    case "driver": return fits(adapter.driver, wanted)
    case "interface": return Int(digits(wanted), radix: 16) == adapter.interface
    case "port": return Int(wanted) == adapter.port
    case "link": return adapter.links.contains { fits($0, wanted) || fits(String($0.lastComponent), wanted) }
    case "hub", "hubPort": return true
    default: return isMet(property: key, wanted, by: adapter)
    }
  }

  private static func isMet(property key: String, _ wanted: String, by adapter: Adapter) -> Bool {
    guard key.hasPrefix(parent) else { return fits(adapter.properties[key], wanted) }
    let name = String(key.dropFirst(parent.count))
    return adapter.parents.contains { fits($0[name], wanted) }
  }

  /// The rules about hubs hold together for one hub: the slot moves with it. Many hubs are two equal chips in a row;
  /// the name then means the outer one, the whole hub.
  private func meetsHubRules(_ adapter: Adapter) -> Bool {
    let (name, port) = (rules["hub"], rules["hubPort"])
    guard name != nil || port != nil else { return true }
    let hub = name.map { name in adapter.hubs.last { $0.isCalled(name) } } ?? adapter.hubs.first
    guard let hub else { return false }
    return port.map { Self.fits(hub.portBelow, $0) } ?? true
  }

  /// Whether a text is what a rule wants. `*` and `?` are the shell's, brackets are nothing special.
  fileprivate static func fits(_ text: String?, _ wanted: String) -> Bool {
    guard let text else { return false }
    return text == wanted || fnmatch(wanted.replacing("[", with: "[[]"), text, FNM_NOESCAPE) == 0
  }

  /// A hex number as udev writes it: lower case, without `0x`.
  private static func digits(_ wanted: String) -> String {
    let digits = (wanted.hasPrefix("0x") ? String(wanted.dropFirst(2)) : wanted).lowercased()
    return digits.contains { "*?".contains($0) } || digits.count >= 4 ? digits : String(("0000" + digits).suffix(4))
  }
}

extension Adapter.Hub {
  /// Whether this is the hub's `vendor:product`, its serial or what it calls itself.
  fileprivate func isCalled(_ name: String) -> Bool {
    ["\(vendor):\(product)", serial, model].contains { AdapterMatch.fits($0, name) }
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var lastComponent: Substring { split(separator: "/").last ?? self[...] }
}
