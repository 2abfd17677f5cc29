extension BadManifest {
  /// Bad manifests: where a region's bytes come from.
  static let staging: [BadManifest] = [
    BadManifest(
      "an address and a staging",
      regions: #"[{"name": "r", "size": 16, "address": 0, "staging": STAGE}]"#,
      "5:13: regions[0]: a region has either `address` or `staging`; found both"),
    BadManifest(
      "neither address nor staging",
      regions: #"[{"name": "r", "size": 16}]"#,
      "5:13: regions[0]: a region has either `address` or `staging`; found neither"),
    BadManifest(
      "a staging without RAM",
      regions: #"[{"name": "r", "size": 16, "staging": {"command": "sf read {ram} {offset} {size}"}}]"#,
      "5:50: regions[0].staging: missing key `ram`"),
    BadManifest(
      "a staging command without places",
      regions: #"[{"name": "r", "size": 16, "staging": {"command": "sf read", "ram": 0}}]"#,
      #"""
      5:62: regions[0].staging.command: the command does not say where to copy to; it needs {ram}
      5:62: regions[0].staging.command: the command does not say where to copy from; it needs {offset} or \#
      {block}
      5:62: regions[0].staging.command: the command does not say how much to copy; it needs {size} or \#
      {blocks}
      """#),
    BadManifest(
      "a staging command with an unknown placeholder",
      regions: """
        [{"name": "r", "size": 16, "staging": {"command": "sf read {ram} {offset} {length}", "ram": 0}}]
        """,
      #"""
      5:62: regions[0].staging.command: the placeholder {length} is not known; allowed: {ram}, {offset}, \#
      {size}, {block}, {blocks}
      5:62: regions[0].staging.command: the command does not say how much to copy; it needs {size} or \#
      {blocks}
      """#),
    BadManifest(
      "a staging command that is damaged",
      regions: #"[{"name": "r", "size": 16, "staging": {"command": "sf read {ram", "ram": 0}}]"#,
      #"""
      5:62: regions[0].staging.command: command "sf read {ram" opens a brace that is never closed; a \#
      brace itself is written {{
      """#),
    BadManifest(
      "a staging in blocks without their size",
      regions: """
        [{"name": "r", "size": 16, "staging": {"command": "mmc read {ram} {block} {blocks}", "ram": 0}}]
        """,
      "5:62: regions[0].staging.command: {block} and {blocks} need `blockSize`"),
    BadManifest(
      "a staging between blocks",
      regions: #"""
        [{"name": "r", "size": "1KiB", "staging": {"command": "mmc read {ram} {block} {blocks}", "ram": 0, \#
        "blockSize": 512, "offset": 100, "piece": 300}}]
        """#,
      """
      5:139: regions[0].staging.offset: offset 0x64 is not a multiple of `blockSize`, 512
      5:153: regions[0].staging.piece: piece 0x12C is not a multiple of `blockSize`, 512
      """),
    BadManifest(
      "a staging beyond 64 bits",
      regions: #"""
        [{"name": "r", "size": 16, "staging": {"command": "sf read {ram} {offset} {size}", "ram": \#
        "0xFFFFFFFFFFFFFFFF", "offset": "0xFFFFFFFFFFFFFFFF", "piece": 0}}]
        """#,
      #"""
      5:134: regions[0].staging.offset: offset 0xFFFFFFFFFFFFFFFF and size 0x10 reach beyond the end of \#
      64 bits
      5:165: regions[0].staging.piece: the piece is 0; at least 1 byte is copied at once
      """#),
    BadManifest(
      "a staging beyond the end of RAM",
      regions: #"""
        [{"name": "r", "size": 16, "staging": {"command": "sf read {ram} {offset} {size}", "ram": \#
        "0xFFFFFFFFFFFFFFF0"}}]
        """#,
      #"""
      5:102: regions[0].staging.ram: RAM address 0xFFFFFFFFFFFFFFF0 and piece 0x10 reach beyond the end \#
      of 64 bits
      """#),
    BadManifest(
      "a staging command that is too long",
      regions: """
        [{"name": "r", "size": 16, "staging": {"command": "STAGE250 {ram} {offset} {size}", "ram": 0}}]
        """,
      #"""
      5:62: regions[0].staging.command: the command has 257 characters; a line of dialect `u-boot` holds \#
      250
      """#),
    BadManifest(
      "a check that is unknown",
      regions: #"[{"name": "r", "address": 0, "size": 16, "checks": [{"kind": "gzp"}]}]"#,
      """
      5:73: regions[0].checks[0].kind: unknown value `gzp`; did you mean `gzip`? known: gzip, romfs
      """),
    BadManifest(
      "a check behind the end",
      regions: """
        [{"name": "r", "address": 0, "size": 16, "checks": [{"kind": "gzip", "offset": 16}]}]
        """,
      "5:91: regions[0].checks[0].offset: offset 0x10 lies behind the region's end, 0x10"),
  ]
}
