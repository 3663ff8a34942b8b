package io.mlpipeline.delta;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * A glob, cut where its first wildcard is: {@code /data/2024-*}{@code /*.csv} is everything under
 * {@code /data} that matches {@code 2024-*}{@code /*.csv}.
 */
final class SourceGlob {

  private final String base;
  private final int depth;
  private final List<PathMatcher> matchers;

  private SourceGlob(String base, String pattern) {
    this.base = base;
    this.depth =
        pattern.contains("**")
            ? Integer.MAX_VALUE
            : (int) pattern.chars().filter(c -> c == '/').count() + 1;
    // For everybody but java.nio, **/ may also stand for no directory at all.
    this.matchers =
        Stream.of(pattern, pattern.replace("**/", ""))
            .distinct()
            .map(p -> FileSystems.getDefault().getPathMatcher("glob:" + p))
            .toList();
  }

  static boolean isGlob(String location) {
    return firstWildcard(location) >= 0;
  }

  /**
   * Reads a glob.
   *
   * @throws java.util.regex.PatternSyntaxException if it is none
   */
  static SourceGlob of(String location) {
    int cut = cut(location);
    return new SourceGlob(location.substring(0, cut), location.substring(cut));
  }

  /** The directory above the first wildcard, with its slash. */
  static String base(String location) {
    return location.substring(0, cut(location));
  }

  private static int cut(String location) {
    return location.lastIndexOf('/', firstWildcard(location)) + 1;
  }

  private static int firstWildcard(String location) {
    for (int i = 0; i < location.length(); i++) {
      if ("*?[{\\".indexOf(location.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  String base() {
    return base;
  }

  /** Whether this path, or a directory above it, matches; relative to the base. */
  boolean selects(Path relative) {
    for (int end = 1; end <= relative.getNameCount(); end++) {
      Path part = relative.subpath(0, end);
      if (matchers.stream().anyMatch(m -> m.matches(part))) {
        return true;
      }
    }
    return false;
  }

  /** Whether anything below this directory could match. */
  boolean mayHold(Path relative) {
    return relative.getNameCount() < depth || selects(relative);
  }
}
