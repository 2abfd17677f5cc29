import Glibc

/// The system's words for an errno.
func systemErrorText(_ code: Int32) -> String { String(cString: strerror(code)) }
