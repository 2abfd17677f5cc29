extension BadManifest {
  /// Bad manifests: where a console is.
  static let slots: [BadManifest] = [
    BadManifest(
      "a slot without a console",
      slots: #"[{"name": "a"}]"#,
      """
      3:11: slots[0]: a slot has exactly one of `tty`, `link` and `match`; found none of them
      """),
    BadManifest(
      "a slot with two consoles",
      slots: #"[{"name": "a", "tty": "/dev/t", "link": "unix:s"}]"#,
      """
      3:11: slots[0]: a slot has exactly one of `tty`, `link` and `match`; found `tty` and `link`
      """),
    BadManifest(
      "an empty tty",
      slots: #"[{"name": "a", "tty": ""}]"#,
      "3:32: slots[0].tty: the tty's path is empty"),
    BadManifest(
      "a link of an unknown kind",
      slots: #"[{"name": "a", "link": "telnet://host"}]"#,
      """
      3:33: slots[0].link: expected `tcp://HOST:PORT` or `unix:PATH`, found "telnet://host"
      """),
    BadManifest(
      "a link without a port",
      slots: #"[{"name": "a", "link": "tcp://host"}]"#,
      #"3:33: slots[0].link: expected `tcp://HOST:PORT`, found no port in "tcp://host""#),
    BadManifest(
      "a port out of range",
      slots: #"[{"name": "a", "link": "tcp://host:65536"}]"#,
      #"3:33: slots[0].link: expected a port from 1 to 65535, found "65536""#),
    BadManifest(
      "a link without a host",
      slots: #"[{"name": "a", "link": "tcp://:7001"}]"#,
      #"""
      3:33: slots[0].link: expected a name, an IPv4 address or an IPv6 address in brackets as host, found \#
      ""
      """#),
    BadManifest(
      "a socket's path that is too long",
      slots: #"[{"name": "a", "link": "unix:/LONGPATH"}]"#,
      "3:33: slots[0].link: the socket's path has 108 bytes; at most 107 are possible"),
    BadManifest(
      "a match rule that is unknown",
      slots: #"[{"name": "a", "match": {"pth": "x", "ID_PATH": "y", "serial": ""}}]"#,
      #"""
      3:35: slots[0].match.pth: unknown rule `pth`; did you mean `path`? known: path, serial, vendor, \#
      product, driver, interface, link, and udev's own properties in capitals
      3:73: slots[0].match.serial: an empty value matches nothing
      """#),
    BadManifest(
      "no match rule",
      slots: #"[{"name": "a", "match": {}}]"#,
      #"""
      3:34: slots[0].match: no rule is given; allowed: path, serial, vendor, product, driver, interface, \#
      link
      """#),
  ]
}
