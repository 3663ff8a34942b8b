package io.mlpipeline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Loads what the light front needs, so that the JVM can save it in its class-data archive: plans a
 * pipeline in an empty warehouse, then loads the rest of our own classes that need no Spark.
 */
public final class Training {

  private static final List<String> HEAVY =
      List.of("io/mlpipeline/spark/", "io/mlpipeline/steps/", "io/mlpipeline/cli/Driver");

  private Training() {}

  /** Args: a pipeline file, and a directory for a warehouse that is thrown away. */
  public static void main(String[] args) throws IOException {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Shell shell = new Shell(nowhere, nowhere, Terminal.NONE, Path.of(""), Map.of());
    for (String[] words :
        List.of(
            new String[] {"run", args[0], "--warehouse", args[1]},
            new String[] {"plan", args[0], "--warehouse", args[1], "--output", "json"},
            new String[] {"data", "list", "--warehouse", args[1]},
            new String[] {"--help"})) {
      Cli.execute(shell, words);
    }
    for (Class<?> jar : List.of(Training.class, io.mlpipeline.Planning.class)) {
      load(URI.create(jar.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
  }

  private static void load(URI location) throws IOException {
    try (JarFile jar = new JarFile(Path.of(location).toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class") && HEAVY.stream().noneMatch(name::startsWith)) {
          load(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
        }
      }
    }
  }

  private static void load(String className) {
    try {
      Class.forName(className, false, Training.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError expected) {
      // needs Spark, so the light front does not need it
    }
  }
}
