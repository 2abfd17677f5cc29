extension BadManifest {
  /// Bad manifests: policies, dialects and output.
  static let policy: [BadManifest] = [
    BadManifest(
      "digests from a console that has none",
      console: #"{"dialect": "winbond-w90"}"#,
      extra: #""policy": {"verify": "digest"}"#,
      #"""
      6:22: policy.verify: dialect `winbond-w90` has no command that computes a digest; choose `auto` or \#
      `reread`
      """#),
    BadManifest(
      "a policy that is unknown",
      extra: #""policy": {"verify": "digset", "reuse": "always", "onFailure": "panic"}"#,
      #"""
      6:22: policy.verify: unknown value `digset`; did you mean `digest`? known: auto, digest, reread, \#
      none
      6:41: policy.reuse: unknown value `always`; known: never, constant, reference, batch
      6:64: policy.onFailure: unknown value `panic`; known: continue, stop
      """#),
    BadManifest(
      "negative retries",
      extra: #""policy": {"retries": -1}"#,
      "6:23: policy.retries: expected 0 to 1000 retries, found -1"),
    BadManifest(
      "a transcript too small to hold anything",
      extra: #""policy": {"transcript": "4KiB"}"#,
      "6:26: policy.transcript: expected 0 for no transcript, or a limit from 1 MiB to 1024 GiB, found 0x1000"),
    BadManifest(
      "a transcript that is no size",
      extra: #""policy": {"transcript": "256MB"}"#,
      #"""
      6:26: policy.transcript: expected a size or address such as 4096, "0x1000", "4KiB" or "1 MiB", found "256MB"
      """#),
    BadManifest(
      "no slot at once",
      extra: #""policy": {"maxParallel": 0}"#,
      "6:27: policy.maxParallel: expected at least 1, found 0"),
    BadManifest(
      "a rate that the dialect does not offer",
      extra: #""policy": {"speedUp": {"to": 115200}}"#,
      #"""
      6:30: policy.speedUp.to: dialect `u-boot` offers no rate above 115200 and up to 115200 baud; it \#
      offers 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600
      """#),
    BadManifest(
      "a rate below all",
      extra: #""policy": {"speedUp": {"to": -9600}}"#,
      "6:30: policy.speedUp.to: expected a line rate from 1 to 4000000 baud, found -9600"),
    BadManifest(
      "a word for the rate that is unknown",
      extra: #""policy": {"speedUp": "fast"}"#,
      #"6:23: policy.speedUp: expected `never`, or the highest rate as in { "to": 921600 }"#),
    BadManifest(
      "a rate without its key",
      extra: #""policy": {"speedUp": 921600}"#,
      #"6:23: policy.speedUp: expected `never`, or the highest rate as in { "to": 921600 }"#),
    BadManifest(
      "a rate with another key",
      extra: #""policy": {"speedUp": {"up": 921600}}"#,
      #"""
      6:23: policy.speedUp: missing key `to`
      6:24: policy.speedUp: unknown key `up`; allowed: to
      """#),
    BadManifest(
      "a faster line behind a link",
      slots: #"[{"name": "a", "link": "unix:s"}]"#,
      extra: #""policy": {"speedUp": {"to": 921600}}"#,
      #"""
      6:30: policy.speedUp.to: only the rate of a tty can be changed, and this slot's console is behind a \#
      `link`
      """#),
    BadManifest(
      "a faster line where the dialect cannot",
      console: #"{"dialect": "mine"}"#,
      extra: #""dialects": {"mine": MINE}, "policy": {"speedUp": {"to": 921600}}"#,
      """
      6:213: policy.speedUp.to: dialect `mine` cannot change its line rate; leave out `speedUp`
      """),
    BadManifest(
      "a dialect's file that is missing",
      console: #"{"dialect": "mine"}"#,
      extra: #""dialects": {"mine": "/nonexistent/mine.json"}"#,
      """
      6:22: dialects.mine: the dialect's file "/nonexistent/mine.json" cannot be used
      /nonexistent/mine.json: there is no such file
      """),
    BadManifest(
      "a dialect listed under another name",
      console: #"{"dialect": "other"}"#,
      extra: #""dialects": {"other": MINE}"#,
      "6:32: dialects.other.name: the table's name is `mine`, but it is listed as `other`"),
    BadManifest(
      "a dialect that is damaged",
      console: #"{"dialect": "mine"}"#,
      extra: #"""
        "dialects": {"mine": {"name": "mine", "title": "T", "prompt": {"pattern": "> "}, "wake": {"nudge": \#
        "\r"}, "reads": [{"name": "d", "command": "d {adress} {length}", "layout": {"cels": 3}}]}}
        """#,
      #"""
      6:142: dialects.mine.reads[0].command: command "d {adress} {length}" uses {adress}; known: \#
      {address}, {count}, {end}, {last}, {length}, {lines}
      6:176: dialects.mine.reads[0].layout: unknown key `cels`; did you mean `cells`?
      """#),
    BadManifest(
      "an output folder without a name",
      extra: #""output": {"folder": ""}"#,
      "6:22: output.folder: the folder's path is empty; leave it out for the default"),
    BadManifest(
      "many problems at once",
      name: #""a/b""#,
      slots: #"[{"name": "a", "tty": ""}, {"name": "a"}]"#,
      console: #"{"dialect": "u-boot", "speed": -1}"#,
      regions: #"[{"name": "r", "address": 0, "size": 0}, {"name": "r", "size": 1}]"#,
      #"""
      2:9: name: the name `a/b` leads to another folder; `/` and `\` are not allowed
      3:32: slots[0].tty: the tty's path is empty
      3:37: slots[1]: a slot has exactly one of `tty`, `link` and `match`; found none of them
      3:46: slots[1].name: the slot `a` is there twice; the first is slots[0].name
      4:43: console.speed: expected a line rate from 1 to 4000000 baud, found -1
      5:49: regions[0].size: the size is 0; a region has at least 1 byte
      5:53: regions[1]: a region has either `address` or `staging`; found neither
      5:62: regions[1].name: the region `r` is there twice; the first is regions[0].name
      """#),
  ]
}
