package io.mlpipeline.delta;

import java.net.URI;
import java.net.URISyntaxException;

/** Paths of data files as a Delta log writes them, which are URIs, and as everybody uses them. */
final class LogPaths {

  private LogPaths() {}

  /** The name of a commit's file. */
  static String commit(long version) {
    return "0".repeat(20 - Long.toString(version).length()) + version + ".json";
  }

  /** A path of the log: decoded if it is below the table, else the URI as it stands. */
  static String decode(String logPath) {
    URI uri = URI.create(logPath);
    return uri.isAbsolute() ? logPath : uri.getPath();
  }

  /** A path below the table, or an absolute URI, as the log wants it. */
  static String encode(String path) {
    if (isUri(path)) {
      return path;
    }
    String rooted = path.startsWith("/") ? path : "/" + path;
    try {
      String encoded = new URI(null, null, rooted, null).getRawPath();
      // A colon in the first part would make a scheme of it.
      return encoded.substring(rooted.length() - path.length()).replace(":", "%3A");
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no path of a data file: " + path, e);
    }
  }

  /** Where a data file is, in the writing of {@link Locations}. */
  static String locate(String root, String path) {
    if (isUri(path)) {
      URI uri = URI.create(path);
      String authority = uri.getRawAuthority() == null ? "" : "//" + uri.getRawAuthority();
      return uri.getScheme() + ":" + authority + uri.getPath();
    }
    return path.startsWith("/") ? path : root + "/" + path;
  }

  private static boolean isUri(String path) {
    return path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");
  }
}
