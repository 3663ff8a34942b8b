package io.mlpipeline.spark.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Guesses what was meant by a rule that does not parse. */
final class SyntaxHints {

  private static final Map<Pattern, String> HINTS = new LinkedHashMap<>();

  static {
    hint("==|=>|=<", "comparisons are =, !=, >, >=, <, <=");
    hint(
        "[<>]=?\\s*\"\"",
        "behind < and > stands a number without quotes, or a date: \"2024-01-31\"");
    hint("&&|\\|\\|", "join rules as (A) and (B), (A) or (B)");
    hint("(?i)\\bnot\\s*\\(", "DQDL has no not (...): turn the condition round");
    hint("(?i)\\d[eE][-+]?\\d", "write numbers without an exponent");
    hint("(?<![\\d\\w])\\.\\d|\\d_\\d", "write numbers as 0.5 or 1000");
    hint("%", "a share is a number from 0 to 1");
    hint("'", "names and texts stand in double quotes");
    hint("(?i)now\\(\\)", "write (now() - 3 days) in parentheses");
    hint("\\$", "a single rule cannot declare variables: write the values out");
    hint("\\b(BETWEEN|IN|NOT|WHERE|MATCHES|WITH)\\b", "keywords are written in lower case");
    hint("(?i)\\s(and|or)\\s", "put every part in parentheses: (A) and (B)");
    hint(",\\s*]|,\\s*$|;", "no comma or semicolon at the end");
  }

  private SyntaxHints() {}

  private static void hint(String pattern, String text) {
    HINTS.put(Pattern.compile(pattern), text);
  }

  static @Nullable String of(String rule) {
    String bare = rule.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
    long open = bare.chars().filter(c -> c == '(').count();
    long close = bare.chars().filter(c -> c == ')').count();
    if (open != close) {
      return open > close ? "a ) is missing" : "a ( is missing";
    }
    if (bare.replace("\"\"", "").contains("\"")) {
      return "a double quote is missing";
    }
    for (Map.Entry<Pattern, String> hint : HINTS.entrySet()) {
      if (hint.getKey().matcher(bare).find()) {
        return hint.getValue();
      }
    }
    return null;
  }
}
