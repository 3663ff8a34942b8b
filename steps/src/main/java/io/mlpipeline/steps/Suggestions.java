package io.mlpipeline.steps;

import java.util.Collection;

/** What to say after an unknown name. */
final class Suggestions {

  private Suggestions() {}

  /** {@code "; did you mean 'x'?"}, or what is known if nothing is near, or nothing at all. */
  static String didYouMean(String written, Collection<String> known) {
    String near = io.mlpipeline.model.Suggestions.nearest(written, known);
    if (near != null) {
      return "; did you mean '" + near + "'?";
    }
    return known.isEmpty() ? "" : "; known are " + String.join(", ", known);
  }
}
