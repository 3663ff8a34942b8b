package io.mlpipeline;

import io.mlpipeline.code.CodeBase;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the jars that hold steps: those of the class path that carry a marker, and the user's. */
public final class StepJars {

  /** A jar with step classes holds a resource of this name. */
  static final String MARKER = "META-INF/mlpipeline-steps";

  private StepJars() {}

  /** What can be known of all steps; cached under the warehouse if that is local. */
  static CodeBase scan(List<String> jars, Warehouse warehouse) {
    List<Path> project = new ArrayList<>(marked());
    for (String jar : jars) {
      Path path = Path.of(jar);
      if (!Files.isReadable(path)) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID, "jar " + jar + " is not there or cannot be read");
      }
      project.add(path);
    }
    Path cache =
        warehouse.isLocal() ? Path.of(warehouse.uri(), "_ml", "cache", "code-v1.bin") : null;
    return CodeBase.scan(project, List.of(), cache);
  }

  /** A class loader that sees the user's jars too. */
  public static ClassLoader loader(List<String> jars) {
    ClassLoader parent = StepJars.class.getClassLoader();
    if (jars.isEmpty()) {
      return parent;
    }
    List<URL> urls = new ArrayList<>();
    for (String jar : jars) {
      try {
        urls.add(Path.of(jar).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new EngineException(ErrorType.CONFIG_INVALID, "jar " + jar + " has no URL", e);
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), parent);
  }

  private static List<Path> marked() {
    List<Path> found = new ArrayList<>();
    try {
      for (URL url : Collections.list(StepJars.class.getClassLoader().getResources(MARKER))) {
        String text = url.toString();
        if (text.startsWith("jar:file:")) {
          found.add(path(text.substring("jar:".length(), text.indexOf("!/"))));
        } else if (text.startsWith("file:")) {
          found.add(path(text.substring(0, text.length() - MARKER.length())));
        }
      }
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID, "the class path cannot be read: " + e.getMessage(), e);
    }
    return found;
  }

  private static Path path(String uri) {
    return Path.of(java.net.URI.create(uri.replace(" ", "%20")));
  }
}
