import DumpManifest

/// Leaving a console at the rate at which it was found.
extension Bench {
  /// How long that may take, behind a digest that the unit is busy with. It takes a part of a second where nothing is
  /// wrong.
  private static let restoringTime = Duration.seconds(10)
  /// How long a digest may still take before a person is told what is waited for.
  private static let silentTime = Duration.seconds(2)
  /// Seconds without anything after which what was being printed has come.
  private static let drainingTime = 0.05

  /// Puts console and link back to the manifest's rate, however the session ends. The task's cancellation does not stop
  /// it, and it takes no longer than ``restoringTime`` once the unit listens.
  func restoreSpeed() async {
    let base = plan.console.speed
    guard console.hasSpeeds, console.link.speed != base || !pace.suspects.isEmpty else { return }
    // Who was only looked for is where it was found.
    guard pace.hasArrived || !pace.suspects.isEmpty else {
      try? await console.setLinkSpeed(base)
      return
    }
    if pace.suspects.isEmpty { pace.suspect([console.link.speed]) }
    console.legibility = nil
    let listens = max(.now, console.busyUntil ?? .now)
    console.lastWords = listens + Self.restoringTime
    if listens - .now > Self.silentTime {
      let seconds = Int((listens - .now) / .seconds(1)) + 1
      session.emit(
        .trouble("the unit computes a digest, which nothing stops, for \(seconds) s more; then its rate is put back"))
    }
    defer { console.lastWords = nil }
    do throws(SessionError) {
      while try await !isRestored(to: base) {}
      pace.meet()
      session.emit(.speed(base))
    } catch {
      if error.kind != .linkLost { tellLeft(at: base) }
      try? await console.setLinkSpeed(base)
    }
  }

  /// Tries each rate at which the console may be. Throws when the time is over.
  private func isRestored(to base: Int) async throws(SessionError) -> Bool {
    var seen: Set<Int> = []
    for rate in pace.suspects.reversed() + [console.link.speed, pace.best, base] where seen.insert(rate).inserted {
      do {
        try await console.dropLine()
        while try await console.receive(within: Self.drainingTime) != nil {}
        guard try await console.sighting(at: rate, longest: Console.longestReply).kind == .prompt else { continue }
        if rate == base { return true }
        // From now on it may be waiting there for a confirmation.
        pace.suspect([rate, base])
        if try await console.changeSpeed(to: base) == .changed { return true }
      } catch {
        guard error.isRecoverable else { throw error }
      }
    }
    return false
  }

  private func tellLeft(at base: Int) {
    session.emit(
      .trouble(
        "the console could not be put back to \(base) baud: the next session looks for it at other rates; else switch the "
          + "unit off and on"))
  }
}
