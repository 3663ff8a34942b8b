package io.mlpipeline.registry;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a registered model: {@code 1.4.0}. Three whole numbers without leading zeros, as
 * <a href="https://semver.org">Semantic Versioning 2.0.0</a> has them; no pre-release, no build.
 *
 * @param major raised by a change of the features' or the label's schema
 * @param minor raised by a change of how the model is made: data window, features' code, params
 * @param patch raised by a refit of the same on other rows
 */
public record SemanticVersion(int major, int minor, int patch)
    implements Comparable<SemanticVersion> {

  /** The first version of every model. */
  public static final SemanticVersion FIRST = new SemanticVersion(1, 0, 0);

  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
  private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER);
  private static final Comparator<SemanticVersion> ORDER =
      Comparator.comparingInt(SemanticVersion::major)
          .thenComparingInt(SemanticVersion::minor)
          .thenComparingInt(SemanticVersion::patch);

  public SemanticVersion {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException("no version: " + major + "." + minor + "." + patch);
    }
  }

  /** The version of a text; empty if it is none. */
  public static Optional<SemanticVersion> find(String text) {
    Matcher m = FORM.matcher(text);
    return m.matches()
        ? Optional.of(
            new SemanticVersion(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3))))
        : Optional.empty();
  }

  /** The version of a text that must be one. */
  public static SemanticVersion parse(String text) {
    return find(text)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is no version such as 1.4.0"));
  }

  public SemanticVersion nextMajor() {
    return new SemanticVersion(major + 1, 0, 0);
  }

  public SemanticVersion nextMinor() {
    return new SemanticVersion(major, minor + 1, 0);
  }

  public SemanticVersion nextPatch() {
    return new SemanticVersion(major, minor, patch + 1);
  }

  @Override
  public int compareTo(SemanticVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
