package io.mlpipeline.config;

import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The published contracts by their digests: {@code conf/schemas/LOCK}, a line {@code NAME-vN
 * sha256:...} for each. A contract that is in it does not change any more.
 */
public final class SchemaLock {

  private static final String FILE = "LOCK";
  private static final String HEAD =
      """
      # Contracts that are published. `mlpipeline schemas lock` adds to it; a line never changes:
      # a contract that must change becomes the next version, in a file of its own.
      """;

  private static final Comparator<String> BY_VERSION =
      Comparator.comparing(SchemaLoader::baseOf)
          .thenComparing(SchemaLoader::versionOf)
          .thenComparing(Comparator.naturalOrder());

  private final String shown;
  private final boolean isThere;
  private final SortedMap<String, Line> lines = new TreeMap<>(BY_VERSION);

  /** What a contract was when it was published. */
  private record Line(String digest, SourceLocation at) {}

  private SchemaLock(String shown, boolean isThere) {
    this.shown = shown;
    this.isThere = isThere;
  }

  /** The lock of a conf root; empty if there is none. */
  static SchemaLock load(Path confRoot, TextFiles texts, Problems problems) {
    Path file = file(confRoot);
    boolean isThere = Files.exists(file);
    SchemaLock lock = new SchemaLock(texts.show(file), isThere);
    SourceLocation top = new SourceLocation(lock.shown, 0);
    String text = isThere ? texts.read(file, top) : null;
    if (text != null) {
      int number = 0;
      for (String line : text.split("\n", -1)) {
        lock.add(line.strip(), new SourceLocation(lock.shown, ++number), problems);
      }
    }
    return lock;
  }

  /** Where it lies. */
  public static Path file(Path confRoot) {
    return confRoot.resolve(SchemaLoader.FOLDER).resolve(FILE);
  }

  private void add(String line, SourceLocation at, Problems problems) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] words = line.split("\\s+", -1);
    boolean isLine =
        words.length == 2
            && SchemaLoader.isName(words[0])
            && words[1].matches("sha256:[0-9a-f]{64}");
    if (!isLine) {
      problems.add(
          at,
          "'" + Keys.clean(line) + "' is no line of a lock",
          "restore the file from version control: it is written by `mlpipeline schemas lock`");
      return;
    }
    Line earlier = lines.putIfAbsent(words[0], new Line(words[1], at));
    if (earlier != null) {
      problems.add(at, words[0] + " is locked twice, first in " + earlier.at(), "keep the first");
    }
  }

  /** Whether the file exists. */
  public boolean isThere() {
    return isThere;
  }

  /** Whether a contract is in it, changed or not. */
  public boolean holds(SchemaSpec schema) {
    return lines.containsKey(schema.name());
  }

  /**
   * A contract that is not what it was when it was published; nothing if it is, or is not in it.
   */
  public List<Problem> changed(WrittenSchema schema) {
    Line line = lines.get(schema.spec().name());
    if (line == null || line.digest().equals(schema.spec().digest())) {
      return List.of();
    }
    return List.of(
        new Problem(
            schema.top(),
            schema.spec().name() + " is published and has changed since (" + line.at() + ")",
            "undo the change, and write it as " + SchemaLoader.next(schema.spec().name())));
  }

  /** The text of the lock with these contracts added; lines that are there stay as they are. */
  public String with(List<SchemaSpec> schemas) {
    SortedMap<String, String> all = new TreeMap<>(BY_VERSION);
    lines.forEach((name, line) -> all.put(name, line.digest()));
    schemas.forEach(schema -> all.putIfAbsent(schema.name(), schema.digest()));
    StringBuilder text = new StringBuilder(HEAD);
    for (Map.Entry<String, String> line : all.entrySet()) {
      text.append(line.getKey()).append(' ').append(line.getValue()).append('\n');
    }
    return text.toString();
  }
}
