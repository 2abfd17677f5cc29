extension BadManifest {
  /// Bad manifests: names.
  static let names: [BadManifest] = [
    BadManifest(
      "a name with a slash",
      regions: #"[{"name": "a/b", "address": 0, "size": 1}]"#,
      #"""
      5:22: regions[0].name: the name `a/b` leads to another folder; `/` and `\` are not allowed
      """#),
    BadManifest(
      "a name that climbs",
      name: #""..""#,
      "2:9: name: the name `..` contains `..`, which is not allowed"),
    BadManifest(
      "a name with dots",
      slots: #"[{"name": "a..b", "tty": "/dev/t"}]"#,
      "3:20: slots[0].name: the name `a..b` contains `..`, which is not allowed"),
    BadManifest(
      "a name with a control character",
      slots: #"[{"name": "a\u001b[2J", "tty": "/dev/t"}]"#,
      #"""
      3:20: slots[0].name: the name `a\u001B[2J` contains characters that cannot be seen; remove them
      """#),
    BadManifest(
      "a name that is empty",
      slots: #"[{"name": "", "tty": "/dev/t"}]"#,
      "3:20: slots[0].name: the name is empty"),
    BadManifest(
      "a name that is too long",
      name: #""LONG""#,
      "2:9: name: the name has 101 bytes; at most 100 are allowed"),
    BadManifest(
      "a hidden file",
      regions: #"[{"name": "r", "file": ".r", "address": 0, "size": 1}]"#,
      "5:35: regions[0].file: the name `.r` starts with a dot, which would hide its file"),
    BadManifest(
      "a file that is batchdump's own",
      regions: #"[{"name": "r", "file": "r.map", "address": 0, "size": 1}]"#,
      """
      5:35: regions[0].file: `r.map` is a file that batchdump writes itself; choose another ending
      """),
    BadManifest(
      "a file that a transcript's segment may be",
      regions: #"[{"name": "r", "file": "console-2.log.1.gz", "address": 0, "size": 1}]"#,
      """
      5:35: regions[0].file: `console-2.log.1.gz` is a file that batchdump writes itself; choose another ending
      """),
  ]
}
