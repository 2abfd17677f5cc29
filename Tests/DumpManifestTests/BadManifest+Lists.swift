extension BadManifest {
  /// Bad manifests: sizes, overlaps and what is there twice.
  static let lists: [BadManifest] = [
    BadManifest(
      "a size of zero",
      regions: #"[{"name": "r", "address": 0, "size": 0}]"#,
      "5:49: regions[0].size: the size is 0; a region has at least 1 byte"),
    BadManifest(
      "a size beyond the limit",
      regions: #"[{"name": "r", "address": 0, "size": "5GiB"}]"#,
      """
      5:49: regions[0].size: the size 0x140000000 is larger than 4 GiB, the most that a region may have
      """),
    BadManifest(
      "address and size beyond 64 bits",
      regions: #"[{"name": "r", "address": "0xFFFFFFFFFFFFFFF0", "size": 17}]"#,
      """
      5:38: regions[0].address: address 0xFFFFFFFFFFFFFFF0 and size 0x11 reach beyond the end of 64 bits
      """),
    BadManifest(
      "regions that overlap",
      regions: """
        [{"name": "r", "address": 0, "size": 16}, {"name": "s", "address": "0xF", "size": 1}]
        """,
      "5:54: regions[1]: region `s` (0xF to 0xF) overlaps region `r` (0x0 to 0xF)"),
    BadManifest(
      "staged regions that overlap",
      regions: """
        [{"name": "r", "size": 16, "staging": STAGE}, {"name": "s", "size": 16, "staging": STAGE8}]
        """,
      "5:114: regions[1]: region `s` (0x8 to 0x17) overlaps region `r` (0x0 to 0xF)"),
    BadManifest(
      "an empty list of regions",
      regions: "[]",
      "5:12: regions: no region is listed; a slot without one has nothing to dump"),
    BadManifest(
      "no regions at all",
      regions: nil,
      """
      3:11: slots[0]: slot `a` has no `regions`, and the manifest has none for all slots: nothing to dump
      """),
    BadManifest(
      "no slots",
      slots: "[]",
      "3:10: slots: no slot is listed; a batch has at least one"),
    BadManifest(
      "a region twice",
      regions: #"[{"name": "r", "address": 0, "size": 1}, {"name": "r", "address": 1, "size": 1}]"#,
      "5:62: regions[1].name: the region `r` is there twice; the first is regions[0].name"),
    BadManifest(
      "a file twice",
      regions: """
        [{"name": "r", "address": 0, "size": 1}, {"name": "s", "file": "r.bin", "address": 1, "size": 1}]
        """,
      """
      5:75: regions[1].file: the image file `r.bin` is there twice; the first is regions[0].name
      """),
    BadManifest(
      "a slot twice",
      slots: #"[{"name": "a", "tty": "/dev/t"}, {"name": "a", "tty": "/dev/u"}]"#,
      "3:52: slots[1].name: the slot `a` is there twice; the first is slots[0].name"),
    BadManifest(
      "a tty twice",
      slots: #"[{"name": "a", "tty": "/dev/t"}, {"name": "b", "tty": "/dev/./t"}]"#,
      """
      3:64: slots[1].tty: this console belongs to slots[0] already; each slot needs its own
      """),
    BadManifest(
      "a link twice",
      slots: #"[{"name": "a", "link": "unix:s"}, {"name": "b", "link": "unix:./s"}]"#,
      """
      3:66: slots[1].link: this console belongs to slots[0] already; each slot needs its own
      """),
    BadManifest(
      "an identity twice",
      extra: #""identity": [{"name": "mac", "pattern": "a"}, {"name": "mac", "pattern": "b"}]"#,
      """
      6:56: identity[1].name: the identity `mac` is there twice; the first is identity[0].name
      """),
  ]
}
