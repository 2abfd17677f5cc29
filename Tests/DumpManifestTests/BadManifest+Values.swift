extension BadManifest {
  /// Bad manifests: keys and the types of values.
  static let values: [BadManifest] = [
    BadManifest(
      "a region list that is no list",
      regions: "{}",
      "5:12: regions: expected an array, found an empty object"),
    BadManifest(
      "a missing name",
      name: nil,
      "1:1: missing key `name`"),
    BadManifest(
      "missing slots",
      slots: nil,
      "1:1: missing key `slots`"),
    BadManifest(
      "an unknown key with a near one",
      extra: #""regoins": []"#,
      "6:1: unknown key `regoins`; did you mean `regions`?"),
    BadManifest(
      "an unknown key without a near one",
      extra: #""zebra": 1"#,
      #"""
      6:1: unknown key `zebra`; allowed: name, description, slots, console, identity, setup, regions, \#
      policy, reset, hooks, output, dialects
      """#),
    BadManifest(
      "an unknown key deep inside",
      regions: #"[{"name": "r", "address": 0, "size": 16, "cheks": []}]"#,
      "5:53: regions[0]: unknown key `cheks`; did you mean `checks`?"),
    BadManifest(
      "a key of the whole batch at a slot",
      slots: #"[{"name": "a", "tty": "/dev/t", "policy": {"maxParallel": 2}}]"#,
      #"""
      3:53: slots[0].policy: unknown key `maxParallel`; allowed: verify, retries, reuse, reference, speedUp, again, \#
      noAdapter, transcript
      """#),
    BadManifest(
      "a duplicate key",
      extra: #""name": "n""#,
      "6:1: duplicate key `name`; it first stands at 2:1"),
    BadManifest(
      "a type that is wrong",
      console: #"{"dialect": "u-boot", "speed": "fast"}"#,
      #"4:43: console.speed: expected a whole number, found the text "fast""#),
    BadManifest(
      "a size that is no number",
      regions: #"[{"name": "r", "address": "here", "size": "4KB"}]"#,
      #"""
      5:38: regions[0].address: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", \#
      found "here"
      5:54: regions[0].size: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", found \#
      "4KB"
      """#),
    BadManifest(
      "a negative size",
      regions: #"[{"name": "r", "address": -1, "size": 1.5}]"#,
      #"""
      5:38: regions[0].address: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", \#
      found -1
      5:50: regions[0].size: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", found \#
      1.5
      """#),
    BadManifest(
      "a size beyond 64 bits",
      regions: #"[{"name": "r", "address": 0, "size": "0x1FFFFFFFFFFFFFFFF"}]"#,
      #"""
      5:49: regions[0].size: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", found \#
      "0x1FFFFFFFFFFFFFFFF"
      """#),
  ]
}
