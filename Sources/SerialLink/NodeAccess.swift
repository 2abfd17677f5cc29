import Glibc

/// Who may open a node, and who would like to: the facts behind a refusal.
struct NodeAccess: Sendable, Equatable {
  /// The node's owner.
  var owner: String
  /// The node's group.
  var group: String
  /// Whether members of the group may read and write.
  var groupMayOpen: Bool
  /// The user who asks.
  var user: String
  /// Whether the user is a member as the user database has it now.
  var isMember: Bool
  /// Whether this process has the group; it does not where membership is younger than the login.
  var hasGroup: Bool

  /// Why the node is refused and what to do.
  var refusal: String {
    if !groupMayOpen {
      return "may be opened by its owner \(owner) only, not by \(user): let a udev rule give it to a group "
        + "(GROUP=\"dialout\", MODE=\"0660\")"
    }
    if hasGroup {
      return "refuses \(user) although group \(group) may open it: an access list or a sandbox forbids it; see getfacl"
    }
    if isMember {
      return "may be opened by group \(group); \(user) is in it, but not yet in this session: log in again"
    }
    return "may be opened by group \(group), and \(user) is not in it: "
      + "add yourself to group \(group): sudo usermod -aG \(group) \(user), then log in again"
  }
}

extension NodeAccess {
  /// The facts about `node` for the user who runs this process.
  init(_ node: DeviceNode) {
    let both = UInt32(S_IRGRP | S_IWGRP)
    let user = Self.userName(geteuid())
    owner = Self.userName(node.owner)
    group = Self.groupName(node.group)
    groupMayOpen = node.mode & both == both
    self.user = user
    isMember = Self.groups(ofUser: user, primary: getegid()).contains(node.group)
    hasGroup = node.group == getegid() || Self.groupsOfProcess().contains(node.group)
  }

  private static let nameCapacity = 16 * 1024

  /// A user's name, or the number where it has none.
  private static func userName(_ id: uid_t) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: nameCapacity) { buffer in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard getpwuid_r(id, &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil else { return "\(id)" }
      return String(cString: entry.pw_name)
    }
  }

  /// A group's name, or the number where it has none.
  private static func groupName(_ id: gid_t) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: nameCapacity) { buffer in
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      guard getgrgid_r(id, &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil else { return "\(id)" }
      return String(cString: entry.gr_name)
    }
  }

  private static func groups(ofUser name: String, primary: gid_t) -> [gid_t] {
    var count: Int32 = 256
    var groups = [gid_t](repeating: 0, count: Int(count))
    guard getgrouplist(name, primary, &groups, &count) >= 0 else { return [] }
    return Array(groups.prefix(Int(count)))
  }

  private static func groupsOfProcess() -> [gid_t] {
    var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    return Array(groups.prefix(max(0, Int(count))))
  }
}
