extension BadManifest {
  /// Bad manifests: commands.
  static let commands: [BadManifest] = [
    BadManifest(
      "a command with a line end",
      extra: #""setup": ["sf probe 0\r"]"#,
      #"""
      6:11: setup[0]: the command contains \r; a command is one line, and its end is sent without being \#
      written here
      """#),
    BadManifest(
      "a command that is empty",
      extra: #""identity": [{"name": "mac", "command": "  ", "pattern": "x"}]"#,
      "6:41: identity[0].command: the command is empty"),
    BadManifest(
      "a command that is too long",
      extra: #""setup": ["LONGCOMMAND"]"#,
      "6:11: setup[0]: the command has 251 characters; a line of dialect `u-boot` holds 250"),
    BadManifest(
      "an identity command that is too long for one slot",
      slots: #"""
        [{"name": "a", "tty": "/dev/t"}, {"name": "b", "tty": "/dev/u", "console": {"dialect": \#
        "winbond-w90"}}]
        """#,
      extra: #""identity": [{"name": "mac", "command": "COMMAND80", "pattern": "x"}]"#,
      """
      6:41: identity[0].command: the command has 80 characters; a line of dialect `winbond-w90` holds 78
      """),
    BadManifest(
      "an identity without a pattern",
      extra: #""identity": [{"name": "mac", "required": true}]"#,
      "6:14: identity[0]: missing key `pattern`"),
  ]
}
