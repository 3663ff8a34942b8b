package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns nodes into values; a node of another kind is reported and gives null. */
final class Values {

  private static final int LONGEST_NUMBER = 400;
  private static final BigDecimal LARGEST = new BigDecimal(Double.MAX_VALUE);
  private static final BigDecimal SMALLEST = new BigDecimal("1e-300");

  private final Problems problems;

  Values(Problems problems) {
    this.problems = problems;
  }

  /** Any scalar as it was written. */
  @Nullable String text(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    if (!node.isScalar()) {
      refuse(node, "text");
      return null;
    }
    return node.text();
  }

  /** A text that is not blank. */
  @Nullable String word(@Nullable Node node) {
    String text = text(node);
    if (node != null && text != null && text.isBlank()) {
      problems.add(node.at(), "'" + node.path() + "' is empty");
      return null;
    }
    return text;
  }

  /** A boolean, or its text. */
  @Nullable Boolean truth(Node node) {
    if (node.isScalar() && node.text().equals("true")) {
      return Boolean.TRUE;
    }
    if (node.isScalar() && node.text().equals("false")) {
      return Boolean.FALSE;
    }
    refuse(node, "true or false");
    return null;
  }

  /** A number, or its text, that fits a double. */
  @Nullable BigDecimal number(Node node) {
    BigDecimal number = node.isScalar() ? parse(node.text()) : null;
    if (number == null) {
      refuse(node, "a number");
      return null;
    }
    BigDecimal size = number.abs();
    if (size.compareTo(LARGEST) > 0 || (size.signum() != 0 && size.compareTo(SMALLEST) < 0)) {
      problems.add(
          node.at(),
          "'" + node.path() + "' is out of range: " + Keys.clean(node.text()),
          "numbers lie between 1e-300 and 1.79e308, or are 0");
      return null;
    }
    return number;
  }

  /** A whole number within bounds. */
  @Nullable BigDecimal whole(Node node, long least, long most) {
    BigDecimal number = number(node);
    if (number == null) {
      return null;
    }
    if (number.stripTrailingZeros().scale() > 0) {
      refuse(node, "a whole number");
      return null;
    }
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      problems.add(
          node.at(),
          "'" + node.path() + "' is out of range: " + Keys.clean(node.text()),
          "whole numbers from " + least + " to " + most);
      return null;
    }
    return number;
  }

  private static @Nullable BigDecimal parse(String text) {
    String plain = text.strip();
    if (plain.isEmpty() || plain.length() > LONGEST_NUMBER) {
      return null;
    }
    try {
      return new BigDecimal(plain);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A duration that is not negative. */
  @Nullable Duration duration(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    String text = node.isScalar() ? node.text() : null;
    Duration duration = text == null ? null : Durations.parse(text);
    if (duration == null) {
      refuse(node, "a duration such as 30s, 15m, 2h or 7d");
    }
    return duration;
  }

  /** A list of scalars as texts; a scalar alone is a list of one. */
  @Nullable List<String> words(@Nullable Node node) {
    if (node == null || node.kind() == Kind.BROKEN) {
      return null;
    }
    List<Node> elements = node.isScalar() ? List.of(node) : node.elements();
    if (!node.isScalar() && node.kind() != Kind.LIST) {
      refuse(node, "a list of texts");
      return null;
    }
    List<String> words = new ArrayList<>();
    for (Node element : elements) {
      String word = word(element);
      if (word != null) {
        words.add(word);
      }
    }
    return words;
  }

  /** A map of scalars as texts. */
  SortedMap<String, String> textMap(@Nullable Node node) {
    SortedMap<String, String> map = new TreeMap<>();
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (node != null && fields != null) {
      for (String key : node.members().keySet()) {
        String text = text(fields.find(key));
        if (text != null) {
          map.put(key, text);
        }
      }
    }
    return map;
  }

  void refuse(Node node, String wanted) {
    if (node.kind() != Kind.BROKEN) {
      String written = node.isScalar() ? "'" + Keys.clean(node.text()) + "'" : node.kind().shown;
      problems.add(node.at(), "'" + node.path() + "' must be " + wanted + ", not " + written);
    }
  }
}
