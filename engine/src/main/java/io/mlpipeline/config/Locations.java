package io.mlpipeline.config;

import io.mlpipeline.model.SourceLocation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes what users write as places of data absolute; a URI with a scheme passes unchanged. */
final class Locations {

  private final Path workingDirectory;
  private final Problems problems;

  Locations(Path workingDirectory, Problems problems) {
    this.workingDirectory = workingDirectory;
    this.problems = problems;
  }

  /** The absolute location; null if there is a problem, which is then reported. */
  @Nullable String absolute(String written, SourceLocation at, String key) {
    if (hasScheme(written)) {
      return withoutPassword(written, at, key);
    }
    try {
      return workingDirectory.resolve(written).normalize().toString();
    } catch (InvalidPathException e) {
      problems.add(at, "'" + key + "' is no path: '" + Keys.clean(written) + "'");
      return null;
    }
  }

  static boolean hasScheme(String location) {
    int colon = location.indexOf(':');
    if (colon < 2) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = location.charAt(i);
      boolean inside = i > 0 && (Chars.isDigit(c) || "+.-".indexOf(c) >= 0);
      if (!Chars.isLetter(c) && !inside) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String withoutPassword(String uri, SourceLocation at, String key) {
    int start = uri.indexOf("://");
    int end = start < 0 ? -1 : uri.indexOf('/', start + 3);
    String authority = start < 0 ? "" : uri.substring(start + 3, end < 0 ? uri.length() : end);
    if (authority.lastIndexOf('@') > authority.indexOf(':') && authority.indexOf(':') >= 0) {
      problems.add(
          at, "'" + key + "' holds a password", "give credentials to the store's own settings");
      return null;
    }
    return uri;
  }
}
