package io.mlpipeline.config;

import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads data contracts: {@code NAME-vN} is {@code <conf root>/schemas/NAME-vN.conf}. */
public final class SchemaLoader {

  static final String FOLDER = "schemas";

  private final Path folder;
  private final TextFiles texts;
  private final HoconFiles files;
  private final Problems problems;
  private final Map<String, @Nullable WrittenSchema> loaded = new HashMap<>();
  private @Nullable List<String> names;

  SchemaLoader(Path confRoot, TextFiles texts, Problems problems) {
    this.folder = confRoot.resolve(FOLDER);
    this.texts = texts;
    this.files = new HoconFiles(texts, confRoot, problems);
    this.problems = problems;
  }

  /**
   * A contract as read, or all that is wrong with it.
   *
   * @param written the contract and its places; null if there are problems
   * @param problems everything that is wrong, by file and line
   */
  public record LoadedSchema(@Nullable WrittenSchema written, List<Problem> problems) {

    public LoadedSchema {
      problems = List.copyOf(problems);
    }

    /** The contract; null if there are problems. */
    public @Nullable SchemaSpec spec() {
      return written == null ? null : written.spec();
    }
  }

  /** Reads one contract; never throws for what a user wrote. */
  public static LoadedSchema load(Path confRoot, Path workingDirectory, String name) {
    Problems problems = new Problems();
    TextFiles texts = new TextFiles(workingDirectory, problems);
    SchemaLoader loader = new SchemaLoader(texts.absolute(confRoot), texts, problems);
    WrittenSchema written = loader.written(name, new SourceLocation(Keys.clean(name), 0));
    return new LoadedSchema(problems.isEmpty() ? written : null, problems.sorted());
  }

  /** The names of all contracts, sorted; empty if there is no folder of them. */
  public static List<String> names(Path confRoot) {
    return ConfRoot.names(confRoot.resolve(FOLDER));
  }

  /** The name without its version. */
  public static String baseOf(String name) {
    return name.substring(0, name.lastIndexOf("-v"));
  }

  /** The version in a name. */
  public static BigInteger versionOf(String name) {
    return new BigInteger(name.substring(name.lastIndexOf("-v") + 2));
  }

  /** The name of the version that comes next. */
  static String next(String name) {
    return baseOf(name) + "-v" + versionOf(name).add(BigInteger.ONE);
  }

  /** The contract; null if there is a problem, which is then reported. */
  @Nullable SchemaSpec find(String name, SourceLocation askedAt) {
    WrittenSchema written = written(name, askedAt);
    return written == null ? null : written.spec();
  }

  @Nullable WrittenSchema written(String name, SourceLocation askedAt) {
    if (!isName(name)) {
      return refuseName(name, askedAt);
    }
    if (!names().contains(name)) {
      return refuseMissing(name, askedAt);
    }
    if (!loaded.containsKey(name)) {
      loaded.put(name, read(name, askedAt));
    }
    return loaded.get(name);
  }

  private List<String> names() {
    if (names == null) {
      names = ConfRoot.names(folder);
    }
    return names;
  }

  private @Nullable WrittenSchema refuseName(String name, SourceLocation askedAt) {
    String near = Suggestions.didYouMean(name, names());
    String form = "write NAME-vN, such as events-v1";
    problems.add(
        askedAt, "'" + Keys.clean(name) + "' is no name of a schema", near == null ? form : near);
    return null;
  }

  /** Lower case, digits, - and _, and a version at the end. */
  public static boolean isName(String name) {
    int version = name.lastIndexOf("-v");
    if (version < 1 || version + 2 == name.length() || name.length() > 128) {
      return false;
    }
    for (int i = version + 2; i < name.length(); i++) {
      if (!Chars.isDigit(name.charAt(i))) {
        return false;
      }
    }
    return Chars.isKebab(name.substring(0, version));
  }

  private @Nullable WrittenSchema refuseMissing(String name, SourceLocation askedAt) {
    String near = Suggestions.didYouMean(name, names());
    String advice = near == null ? "write " + texts.show(file(name)) : near;
    problems.add(askedAt, "there is no schema '" + name + "'", advice);
    return null;
  }

  private Path file(String name) {
    return folder.resolve(name + ".conf");
  }

  private @Nullable WrittenSchema read(String name, SourceLocation askedAt) {
    Path file = file(name);
    if (!files.isInside(file)) {
      problems.add(askedAt, "the schema '" + name + "' lies outside the conf root");
      return null;
    }
    SourceLocation top = new SourceLocation(texts.show(file), 0);
    Node root =
        BoundedThread.call(() -> resolve(file, top), sentence -> problems.add(top, sentence));
    return root == null ? null : new SchemaReader(problems).read(name, root, top);
  }

  private @Nullable Node resolve(Path file, SourceLocation top) {
    HoconFiles.Parsed parsed = files.parse(file, top);
    return parsed == null ? null : new Document(files, top, problems).add(parsed).resolve();
  }
}
