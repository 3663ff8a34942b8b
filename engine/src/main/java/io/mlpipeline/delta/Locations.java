package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where things are, as text: paths and URIs, written as Hadoop and Spark take them (nothing is
 * percent-encoded). Loads no class of Hadoop.
 */
final class Locations {

  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");

  private Locations() {}

  /** The scheme in small letters; {@code file} if there is none. */
  static String scheme(String uri) {
    Matcher matcher = SCHEME.matcher(uri);
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "file";
  }

  static boolean isLocal(String uri) {
    return scheme(uri).equals("file");
  }

  /** The absolute form of a root: {@code file:/...} for local ones, else as it was given. */
  static String absolute(String uri) {
    return isLocal(uri) ? fileUri(localPath(uri)) : withoutSlash(uri);
  }

  /** A table's root: absolute, or below the warehouse, which a relative one cannot leave. */
  static String resolve(String warehouse, String uri) {
    if (uri.startsWith("/") || SCHEME.matcher(uri).matches()) {
      return absolute(uri);
    }
    for (String part : uri.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID, "'" + uri + "' is no location below the warehouse");
      }
    }
    return absolute(warehouse) + "/" + uri;
  }

  /** The local path of a URI or path without scheme. */
  static Path localPath(String uri) {
    String path = uri.regionMatches(true, 0, "file:", 0, 5) ? uri.substring(5) : uri;
    if (path.startsWith("//")) {
      path = withoutHost(uri, path);
    }
    try {
      return Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new EngineException(ErrorType.CONFIG_INVALID, "'" + uri + "' is no path", e);
    }
  }

  private static String withoutHost(String uri, String path) {
    int slash = path.indexOf('/', 2);
    String host = slash < 0 ? path.substring(2) : path.substring(2, slash);
    if (slash < 0 || !(host.isEmpty() || host.equals("localhost"))) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "'" + uri + "' names the host '" + host + "'; write file:///path or a path");
    }
    return path.substring(slash);
  }

  private static String fileUri(Path path) {
    String text = path.toString().replace('\\', '/');
    return text.startsWith("/") ? "file:" + text : "file:/" + text;
  }

  private static String withoutSlash(String uri) {
    String result = uri;
    while (result.endsWith("/") && !result.endsWith("://")) {
      result = result.substring(0, result.length() - 1);
    }
    return result;
  }
}
