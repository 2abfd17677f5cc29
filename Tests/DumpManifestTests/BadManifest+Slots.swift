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
      product, driver, interface, port, link, hub, hubPort, and udev's own properties in capitals, with `parent.` \#
      before them for a device above
      3:73: slots[0].match.serial: an empty value matches nothing
      """#),
    BadManifest(
      "match rules that can match nothing",
      slots: #"[{"name": "a", "match": {"vendor": "FTDI", "interface": "x", "port": "first"}}]"#,
      #"""
      3:45: slots[0].match.vendor: expected up to four hex digits such as 0403, found "FTDI"
      3:66: slots[0].match.interface: expected a hex number such as 00, found "x"
      3:79: slots[0].match.port: expected a number such as 0, found "first"
      """#),
    BadManifest(
      "a reset by neither and by both",
      slots:
        #"[{"name": "a", "tty": "t", "reset": {}}, {"name": "b", "tty": "u", "reset": {"command": ["r"], "lines": []}}]"#,
      #"""
      3:46: slots[0].reset: a reset is either a `command` or `lines`; found neither
      3:86: slots[1].reset: a reset is either a `command` or `lines`; found both
      """#),
    BadManifest(
      "a reset that cannot be done",
      slots:
        #"[{"name": "a", "link": "unix:s", "reset": {"lines": [{"seconds": 61}]}}, {"name": "b", "tty": "u", "reset": {"command": []}}]"#,
      #"""
      3:62: slots[0].reset.lines: this slot's console is behind a `link`, which has no lines to switch
      3:75: slots[0].reset.lines[0].seconds: expected 0 to 60 seconds, found 61
      3:130: slots[1].reset.command: no program is named; give its name or path, then its arguments, each a text of its \#
      own
      """#),
    BadManifest(
      "hooks that cannot be run",
      slots: #"[{"name": "a", "tty": "t", "hooks": {"unitFailed": [""], "timeLimit": 0}}]"#,
      #"""
      3:61: slots[0].hooks.unitFailed: the program's name is empty
      3:80: slots[0].hooks.timeLimit: expected 0.1 to 3600 seconds, found 0
      """#),
    BadManifest(
      "no match rule",
      slots: #"[{"name": "a", "match": {}}]"#,
      #"""
      3:34: slots[0].match: no rule is given; allowed: path, serial, vendor, product, driver, interface, \#
      port, link, hub, hubPort
      """#),
  ]
}
