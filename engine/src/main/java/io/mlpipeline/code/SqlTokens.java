package io.mlpipeline.code;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts Spark SQL into tokens. Comments and white space go; strings, quoted names and hints stay as
 * they are. Nested comments, comment lines that go on after a backslash, and raw strings are as
 * Spark's own grammar has them, because a mistake there would take text for a comment.
 */
final class SqlTokens {

  private static final String[] OPERATORS = {
    "<=>", ">>>", "<>", "<=", ">=", "!=", "==", "||", "->", "=>", "::", "<<", ">>", "|>", "!<", "!>"
  };

  /** What a token is. */
  enum Kind {
    WORD,
    NUMBER,
    STRING,
    QUOTED_NAME,
    SYMBOL
  }

  record Token(Kind kind, String text) {}

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  static List<Token> of(String sql) {
    SqlTokens scan = new SqlTokens(sql);
    while (scan.at < sql.length()) {
      scan.next();
    }
    return scan.tokens;
  }

  private char peek(int ahead) {
    int i = at + ahead;
    return i < sql.length() ? sql.charAt(i) : '\0';
  }

  private void next() {
    char c = peek(0);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (c == '-' && peek(1) == '-') {
      lineComment();
    } else if (c == '/' && peek(1) == '*' && peek(2) != '+') {
      blockComment();
    } else if ((c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"')) {
      rawString();
    } else if (c == '\'' || c == '"') {
      add(Kind.STRING, endOfString(c));
    } else if (c == '`') {
      add(Kind.QUOTED_NAME, endOfQuotedName());
    } else if (isDigit(c) || (c == '.' && isDigit(peek(1)) && !afterName())) {
      add(Kind.NUMBER, endOfNumber());
    } else if (isWord(c)) {
      add(Kind.WORD, endOfWord(at));
    } else {
      add(Kind.SYMBOL, at + symbol());
    }
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, sql.substring(at, end)));
    at = end;
  }

  private void lineComment() {
    while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
      at += sql.charAt(at) == '\\' && peek(1) == '\n' ? 2 : 1;
    }
  }

  private void blockComment() {
    int depth = 0;
    while (at < sql.length()) {
      if (peek(0) == '/' && peek(1) == '*' && peek(2) != '+') {
        depth++;
        at += 2;
      } else if (peek(0) == '*' && peek(1) == '/') {
        depth--;
        at += 2;
        if (depth == 0) {
          return;
        }
      } else {
        at++;
      }
    }
  }

  /** A backslash is a letter like any other here. */
  private void rawString() {
    int end = sql.indexOf(peek(1), at + 2);
    add(Kind.STRING, end < 0 ? sql.length() : end + 1);
  }

  private int endOfString(char quote) {
    for (int i = at + 1; i < sql.length(); i++) {
      if (sql.charAt(i) == '\\') {
        i++;
      } else if (sql.charAt(i) == quote) {
        return i + 1;
      }
    }
    return sql.length();
  }

  private int endOfQuotedName() {
    int i = at + 1;
    while (i < sql.length()) {
      if (sql.charAt(i) == '`') {
        if (i + 1 >= sql.length() || sql.charAt(i + 1) != '`') {
          return i + 1;
        }
        i++;
      }
      i++;
    }
    return sql.length();
  }

  private int endOfNumber() {
    int i = at;
    while (i < sql.length() && isDigit(sql.charAt(i))) {
      i++;
    }
    if (i < sql.length() && sql.charAt(i) == '.') {
      i++;
      while (i < sql.length() && isDigit(sql.charAt(i))) {
        i++;
      }
    }
    boolean exponent =
        i + 2 < sql.length()
            && (sql.charAt(i) == 'e' || sql.charAt(i) == 'E')
            && (sql.charAt(i + 1) == '+' || sql.charAt(i + 1) == '-')
            && isDigit(sql.charAt(i + 2));
    return endOfWord(exponent ? i + 2 : i);
  }

  private int endOfWord(int from) {
    int i = from;
    while (i < sql.length() && isWord(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private int symbol() {
    for (String operator : OPERATORS) {
      if (sql.startsWith(operator, at)) {
        return operator.length();
      }
    }
    return sql.startsWith("/*+", at) ? 3 : sql.startsWith("*/", at) ? 2 : 1;
  }

  /** {@code a.1} is a field of {@code a}; {@code .1} elsewhere is a number. */
  private boolean afterName() {
    if (at == 0 || tokens.isEmpty() || Character.isWhitespace(sql.charAt(at - 1))) {
      return false;
    }
    Kind last = tokens.get(tokens.size() - 1).kind();
    return last == Kind.WORD || last == Kind.QUOTED_NAME;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return c == '_' || c == '$' || Character.isLetterOrDigit(c) || Character.isSurrogate(c);
  }
}
