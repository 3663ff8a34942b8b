package io.mlpipeline.config;

import io.mlpipeline.config.Outline.Entry;
import io.mlpipeline.config.Outline.Include;
import io.mlpipeline.config.Outline.Reference;
import io.mlpipeline.config.Outline.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outline of a HOCON text in one pass. It judges nothing but limits and what is never
 * closed; at any other irregularity it stops and leaves the judgement to the parser.
 */
final class OutlineScanner {

  static final int DEPTH = 64;
  private static final String TOO_DEEP =
      "objects and lists are nested more than " + DEPTH + " deep";
  static final int ENTRIES = 100_000;
  static final int REFERENCES = 5_000;

  private final String text;
  private final Outline outline = new Outline();
  private int at;
  private int line = 1;
  private int depth;
  private int references;

  private OutlineScanner(String text) {
    this.text = text;
  }

  static Outline scan(String text) {
    OutlineScanner scanner = new OutlineScanner(text);
    try {
      scanner.root();
    } catch (Stop stop) {
      scanner.outline.refusal = stop.refusal;
      scanner.outline.irregularLine = scanner.line;
    }
    return scanner.outline;
  }

  private void root() {
    skipBlank(true);
    if (peek() == '{') {
      int open = line;
      at++;
      body("", open);
    } else {
      body("", 0);
    }
  }

  private void body(String under, int openLine) {
    deeper();
    while (true) {
      skipBlank(true);
      if (atEnd()) {
        check(openLine == 0, openLine, "the { here is never closed", "add the missing }");
        break;
      }
      if (peek() == '}') {
        confirm(openLine > 0);
        at++;
        break;
      }
      if (isInclude()) {
        include(under);
      } else {
        entry(under);
      }
    }
    depth--;
  }

  private void deeper() {
    depth++;
    check(depth <= DEPTH, line, TOO_DEEP, "flatten them");
  }

  private boolean isInclude() {
    int end = at + "include".length();
    return text.startsWith("include", at)
        && end < text.length()
        && (isSpace(text.charAt(end)) || text.charAt(end) == '"');
  }

  private void include(String under) {
    outline.items.add(new Include(under, line));
    while (!atEnd() && peek() != '"') {
      advance();
    }
    confirm(!atEnd());
    quoted();
    while (!atEnd() && (peek() == ')' || peek() == ' ')) {
      at++;
    }
  }

  private void entry(String under) {
    int start = at;
    int startLine = line;
    while (!atEnd() && !endsKey(peek())) {
      if (peek() == '"') {
        quoted();
      } else {
        at++;
      }
    }
    String written = text.substring(start, at).strip();
    skipBlank(false);
    Entry entry = add(path(under, written), startLine, false);
    char c = peek();
    if (c == '+') {
      at++;
      entry.append = true;
    }
    if (c != '{') {
      confirm(peek() == ':' || peek() == '=');
      at++;
    }
    skipBlank(false);
    value(entry);
  }

  private static boolean endsKey(char c) {
    return "\n:={}[],+#".indexOf(c) >= 0;
  }

  private String path(String under, String written) {
    List<String> elements = Keys.split(written);
    confirm(elements != null);
    check(elements == null || elements.size() <= DEPTH, line, TOO_DEEP, "flatten them");
    String own = elements == null ? "" : Keys.join(elements);
    return Keys.member(under, own);
  }

  private Entry add(String path, int atLine, boolean element) {
    Entry entry = new Entry(path, atLine, element);
    outline.items.add(entry);
    check(
        outline.items.size() <= ENTRIES,
        line,
        "there are more than " + ENTRIES + " keys and values",
        "split the file");
    return entry;
  }

  /** The pieces of a value, up to the end of the line or a comma or what closes its holder. */
  private void value(Entry entry) {
    while (!atEnd()) {
      char c = peek();
      if (c == '\n' || c == ',' || c == '}' || c == ']') {
        return;
      }
      piece(entry, c);
    }
  }

  private void piece(Entry entry, char c) {
    if (isSpace(c)) {
      at++;
    } else if (startsComment()) {
      skipComment();
    } else if (c == '{') {
      at++;
      body(entry.path, line);
    } else if (c == '[') {
      at++;
      list(entry, line);
    } else if (c == '"') {
      entry.literal += quoted();
    } else if (text.startsWith("${", at)) {
      reference(entry);
    } else {
      at++;
      entry.literal++;
    }
  }

  private void list(Entry entry, int openLine) {
    deeper();
    while (true) {
      skipBlank(true);
      check(!atEnd(), openLine, "the [ here is never closed", "add the missing ]");
      if (peek() == ']') {
        at++;
        break;
      }
      confirm(peek() != '}');
      String path = Keys.member(entry.path, "[" + entry.elements + "]");
      entry.elements++;
      value(add(path, line, true));
    }
    depth--;
  }

  private void reference(Entry entry) {
    int open = line;
    at += 2;
    boolean optional = peek() == '?';
    int start = optional ? at + 1 : at;
    while (!atEnd() && peek() != '}') {
      confirm(peek() != '\n');
      if (peek() == '"') {
        quoted();
      } else {
        at++;
      }
    }
    check(!atEnd(), open, "the substitution ${ here is never closed", "add the missing }");
    List<String> elements = Keys.split(text.substring(Math.min(start, at), at).strip());
    at++;
    confirm(elements != null);
    if (elements != null) {
      check(elements.size() <= DEPTH, open, TOO_DEEP, "flatten them");
      entry.references.add(new Reference(Keys.join(elements), optional, open));
    }
    references++;
    check(
        references <= REFERENCES,
        open,
        "there are more than " + REFERENCES + " substitutions",
        "split the file");
  }

  /** Skips a quoted text and says how long it was. */
  private int quoted() {
    int start = at;
    int open = line;
    if (text.startsWith("\"\"\"", at)) {
      int end = text.indexOf("\"\"\"", at + 3);
      check(end >= 0, open, "the text in triple quotes here is never closed", "add \"\"\"");
      while (at < end + 3 || peek() == '"') {
        advance();
      }
      return at - start;
    }
    at++;
    while (!atEnd() && peek() != '"') {
      check(peek() != '\n', open, "the quoted text here does not end on its line", "add a quote");
      at += peek() == '\\' ? 2 : 1;
    }
    check(!atEnd(), open, "the quoted text here is never closed", "add a quote");
    at++;
    return at - start;
  }

  private void skipBlank(boolean commas) {
    while (!atEnd()) {
      char c = peek();
      if (startsComment()) {
        skipComment();
      } else if (isSpace(c) || c == '\n' || (commas && c == ',')) {
        advance();
      } else {
        return;
      }
    }
  }

  private boolean startsComment() {
    return peek() == '#' || text.startsWith("//", at);
  }

  private void skipComment() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  /** Every white space that HOCON knows, apart from the new line. */
  static boolean isSpace(char c) {
    return c != '\n' && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF');
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void advance() {
    if (peek() == '\n') {
      line++;
    }
    at++;
  }

  private static void check(boolean holds, int line, String message, String suggestion) {
    if (!holds) {
      throw new Stop(new Refusal(line, message, suggestion));
    }
  }

  private static void confirm(boolean regular) {
    if (!regular) {
      throw new Stop(null);
    }
  }

  /** Ends the scan. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable Refusal refusal;

    Stop(@Nullable Refusal refusal) {
      super(null, null, false, false);
      this.refusal = refusal;
    }
  }
}
