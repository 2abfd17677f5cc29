import Testing

@testable import SlotProgress

@Suite("Text in columns")
struct DisplayTextTests {
  @Test(
    "has a width in columns",
    arguments: [("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("工場", 4), ("🙂", 2), ("…", 1)])
  func width(text: String, expected: Int) {
    #expect(DisplayText.width(text) == expected)
  }

  @Test(
    "is cut and filled",
    arguments: [
      ("abc", 5, "abc  "), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abc", 1, "…"), ("abc", 0, ""), ("工場", 3, "工…"),
      ("工場", 2, "… "),
    ])
  func fitted(text: String, width: Int, expected: String) {
    #expect(DisplayText.fitted(text, to: width) == expected)
    #expect(DisplayText.width(DisplayText.fitted(text, to: width)) == width)
  }

  @Test(
    "shows durations as a clock does",
    arguments: [
      (0, "0:00"), (6.6, "0:07"), (59.5, "1:00"), (754, "12:34"), (3723, "1:02:03"), (-5, "0:00"),
      (.infinity, "-:--"), (.nan, "-:--"), (1e9, "-:--"),
    ])
  func clock(seconds: Double, expected: String) {
    #expect(DisplayText.clock(seconds) == expected)
  }
}
