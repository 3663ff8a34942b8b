package io.mlpipeline.bench;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java sources as a jar, as a build would make it: equal classes give equal bytes. */
final class SmallJar {

  private SmallJar() {}

  /**
   * Compiles sources.
   *
   * @param sources texts by class
   * @param classes a folder for the class files
   * @param jar what is put in its place when it is complete; who reads the old one can read on
   */
  static void compile(Map<String, String> sources, Path classes, Path jar) throws IOException {
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    List<String> options =
        List.of("-d", classes.toString(), "-proc:none", "-parameters", "-g", "-cp", stepClasses());
    StringWriter messages = new StringWriter();
    boolean isGood =
        ToolProvider.getSystemJavaCompiler()
            .getTask(messages, null, null, options, null, files)
            .call();
    if (!isGood) {
      throw new IllegalStateException(messages.toString());
    }
    Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
    pack(classes, fresh);
    Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What steps are compiled against; javac is slow with all that a test has. */
  private static String stepClasses() {
    String wanted = ".*(/classes|/(mlpipeline-|spark-|scala-library|slf4j-api|jspecify).*[.]jar)";
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(wanted))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
        ZipEntry entry = new ZipEntry(classes.relativize(file).toString());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(Files.readAllBytes(file));
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
