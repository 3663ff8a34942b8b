package io.mlpipeline.config;

import com.typesafe.config.ConfigException;
import io.mlpipeline.model.Problem;
import org.jspecify.annotations.Nullable;

/** Words the parser's complaints for people. */
final class SyntaxErrors {

  private SyntaxErrors() {}

  static Problem problem(ConfigException e, Source source) {
    int line = e.origin() == null ? 0 : Math.max(0, e.origin().lineNumber());
    String message = String.valueOf(e.getMessage());
    int origin = message.indexOf(": ", message.indexOf(": ") + 1);
    if (e.origin() != null && message.startsWith("@") && origin > 0) {
      message = message.substring(origin + 2).strip();
    }
    if (message.startsWith("has type LIST")) {
      message = "the file holds a list where keys and values are expected";
    }
    int advice = message.indexOf(" (if you ");
    String plain = inner(advice < 0 ? message : message.substring(0, advice));
    return new Problem(source.at(line), Keys.clean(plain), advice(plain, advice >= 0));
  }

  /** The tokenizer's reason stands in parentheses behind the parser's. */
  private static String inner(String message) {
    int start = message.indexOf("' (");
    boolean wraps = message.contains("wrong token") && start > 0 && message.endsWith(")");
    return wraps ? message.substring(start + 3, message.length() - 1) : message;
  }

  private static @Nullable String advice(String message, boolean quotesMayHelp) {
    if (message.startsWith("Key '")) {
      return "write key: value";
    }
    return quotesMayHelp ? "put it in double quotes if it belongs to a text" : null;
  }
}
