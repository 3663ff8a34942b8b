package io.mlpipeline.code;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java sources by class name, compiled to a directory or a jar. Immutable. */
final class Sources {

  private final Map<String, String> texts;

  private Sources(Map<String, String> texts) {
    this.texts = texts;
  }

  static Sources none() {
    return new Sources(Map.of());
  }

  /** With one more class, or another text of it; imports of the step API are put before it. */
  Sources with(String name, String... lines) {
    Map<String, String> copy = new LinkedHashMap<>(texts);
    String head =
        "package "
            + name.substring(0, name.lastIndexOf('.'))
            + ";\n"
            + "import io.mlpipeline.step.*; import io.mlpipeline.model.*; import java.util.*;\n";
    copy.put(name, head + String.join("\n", lines));
    return new Sources(copy);
  }

  /** With a piece of a text replaced, which must be there. */
  Sources edit(String name, String from, String to) {
    String text = texts.get(name);
    if (!text.contains(from)) {
      throw new IllegalArgumentException(name + " does not hold " + from);
    }
    Map<String, String> copy = new LinkedHashMap<>(texts);
    copy.put(name, text.replace(from, to));
    return new Sources(copy);
  }

  Path compile(Path directory, String... options) throws IOException {
    Files.createDirectories(directory);
    String classPath = stepApi();
    List<String> all = new ArrayList<>(List.of("-d", directory.toString(), "-proc:none"));
    List<String> given = List.of(options);
    if (!given.contains("-cp")) {
      all.addAll(List.of("-cp", classPath));
    }
    for (String option : given) {
      all.add(option.startsWith("+") ? option.substring(1) + ":" + classPath : option);
    }
    List<JavaFileObject> files = new ArrayList<>();
    texts.forEach((name, text) -> files.add(new Source(name, text)));
    StringWriter messages = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (!compiler.getTask(messages, null, null, all, null, files).call()) {
      throw new IllegalStateException(messages.toString());
    }
    return directory;
  }

  /** What the step API names; javac is slow with all that a test has. */
  private static String stepApi() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(e -> e.matches(".*(/classes|/(spark-|scala-library|slf4j-api|jspecify).*[.]jar)"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Packs a directory, in reverse order to show that order has no meaning. */
  static Path jar(Path directory, Path jar) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile).sorted().forEach(f -> files.add(0, f));
    }
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files) {
        zip.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
        zip.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
  }
}
