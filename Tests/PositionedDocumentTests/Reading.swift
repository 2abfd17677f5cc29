import PositionedDocument

/// The document in `text`, named `m.json`.
func read(_ text: String, limits: DocumentLimits = DocumentLimits()) throws(DocumentError) -> Document {
  try Document.parse(Array(text.utf8), name: "m.json", limits: limits)
}

/// What is said against `text` when it is read.
func complaints(reading text: String) -> String {
  do throws(DocumentError) {
    return "none: \(try read(text).root)"
  } catch {
    return error.description
  }
}

/// What is said against `text` when a `T` is made of it.
func complaints<T: Decodable>(decoding type: T.Type, from text: String) -> String {
  do throws(DocumentError) {
    return "none: \(try read(text).decode(type))"
  } catch {
    return error.description
  }
}

/// A property list in XML around `body`, which starts on line 3.
func propertyList(_ body: String) -> String {
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n\(body)\n</plist>\n"
}
