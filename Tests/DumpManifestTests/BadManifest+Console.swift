extension BadManifest {
  /// Bad manifests: how to talk to a console.
  static let console: [BadManifest] = [
    BadManifest(
      "no dialect",
      console: "{}",
      """
      4:12: console: no dialect is named; add `"dialect": "…"` to `console`; known: u-boot, winbond-w90
      """),
    BadManifest(
      "no console",
      console: nil,
      #"""
      3:11: slots[0].console: no dialect is named; add `"dialect": "…"` to `console`; known: u-boot, \#
      winbond-w90
      """#),
    BadManifest(
      "an unknown dialect",
      console: #"{"dialect": "uboot"}"#,
      #"""
      4:24: console.dialect: there is no dialect `uboot`; did you mean `u-boot`? known: u-boot, \#
      winbond-w90
      """#),
    BadManifest(
      "an unknown dialect far from all",
      console: #"{"dialect": "lilo"}"#,
      "4:24: console.dialect: there is no dialect `lilo`; known: u-boot, winbond-w90"),
    BadManifest(
      "an unknown method",
      console: #"{"dialect": "u-boot", "method": "md.x"}"#,
      #"""
      4:44: console.method: dialect `u-boot` has no method `md.x`; did you mean `md.q`? known: md.q, \#
      md.l, md.w, md.b
      """#),
    BadManifest(
      "a rate of zero",
      console: #"{"dialect": "u-boot", "speed": 0}"#,
      "4:43: console.speed: expected a line rate from 1 to 4000000 baud, found 0"),
    BadManifest(
      "an impossible format",
      console: #"{"dialect": "u-boot", "format": "8N3"}"#,
      #"""
      4:44: console.format: expected data bits (5 to 8), parity (N, E or O) and stop bits (1 or 2) as in \#
      `8N1`, found "8N3"
      """#),
    BadManifest(
      "a byte order that is unknown",
      console: #"{"dialect": "u-boot", "byteOrder": "middle"}"#,
      "4:47: console.byteOrder: unknown value `middle`; known: little, big"),
    BadManifest(
      "a read length between cells",
      console: #"{"dialect": "u-boot", "method": "md.l", "readLength": 1002}"#,
      """
      4:66: console.readLength: 1002 is not a multiple of 4 bytes, which the method `md.l` reads in
      """),
    BadManifest(
      "a read length between cells of the default method",
      console: #"{"dialect": "u-boot", "readLength": 100}"#,
      """
      4:48: console.readLength: 100 is not a multiple of 8 bytes, which the method `md.q` reads in
      """),
    BadManifest(
      "a read length of zero",
      console: #"{"dialect": "u-boot", "readLength": 0}"#,
      """
      4:48: console.readLength: expected a length from 1 to 16777216 bytes (16 MiB), found 0
      """),
    BadManifest(
      "timeouts that never were",
      console: #"{"dialect": "u-boot", "timeouts": {"wake": 0, "reply": -2.5}}"#,
      """
      4:55: console.timeouts.wake: expected more than 0 and at most 86400 seconds, found 0
      4:67: console.timeouts.reply: expected more than 0 and at most 86400 seconds, found -2.5
      """),
    BadManifest(
      "a pattern that does not compile",
      console: #"{"dialect": "u-boot", "prompt": "(=>"}"#,
      #"4:44: console.prompt: pattern "(=>" opens a group that is never closed (character 1)"#),
    BadManifest(
      "a pattern that can take for ever",
      extra: #""identity": [{"name": "mac", "command": "x", "pattern": "^(a+)+$"}]"#,
      #"""
      6:57: identity[0].pattern: pattern "^(a+)+$" repeats what itself repeats without a bound, which can \#
      take for ever; bound one of them (character 6)
      """#),
    BadManifest(
      "a forbidden key sent again and again",
      console: #"""
        {"dialect": "winbond-w90", "autoboot": [{"when": "x", "send": "\u001b", "every": 0.1}]}
        """#,
      #"""
      4:74: console.autoboot[0].send: sends \u001B again and again, which dialect `winbond-w90` forbids \#
      at its prompt; leave out `every` to send it once
      """#),
    BadManifest(
      "an answer that says nothing",
      console: #"{"dialect": "u-boot", "login": [{"when": "login:", "send": ""}]}"#,
      #"4:71: console.login[0].send: an answer must send something; a line ends with \r"#),
    BadManifest(
      "an answer repeated too fast",
      console: #"{"dialect": "u-boot", "autoboot": [{"when": "x", "send": " ", "every": 0}]}"#,
      "4:83: console.autoboot[0].every: expected 0.01 to 600 seconds, found 0"),
  ]
}
