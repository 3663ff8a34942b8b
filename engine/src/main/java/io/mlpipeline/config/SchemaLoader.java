package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads data contracts: {@code NAME-vN} is {@code <conf root>/schemas/NAME-vN.conf}. */
public final class SchemaLoader {

  private static final String FOLDER = "schemas";
  private static final String UNFIT = " ,;{}()\n\t=.`\"[]";
  private static final int LONGEST_NAME = 255;

  private final Path folder;
  private final TextFiles texts;
  private final HoconFiles files;
  private final Problems problems;
  private final Values values;
  private final Map<String, @Nullable SchemaSpec> loaded = new HashMap<>();
  private @Nullable List<String> names;

  SchemaLoader(Path confRoot, TextFiles texts, Problems problems) {
    this.folder = confRoot.resolve(FOLDER);
    this.texts = texts;
    this.files = new HoconFiles(texts, confRoot, problems);
    this.problems = problems;
    this.values = new Values(problems);
  }

  /**
   * A contract as read, or all that is wrong with it.
   *
   * @param spec the contract; null if there are problems
   * @param problems everything that is wrong, by file and line
   */
  public record LoadedSchema(@Nullable SchemaSpec spec, List<Problem> problems) {

    public LoadedSchema {
      problems = List.copyOf(problems);
    }
  }

  /** Reads one contract; never throws for what a user wrote. */
  public static LoadedSchema load(Path confRoot, Path workingDirectory, String name) {
    Problems problems = new Problems();
    TextFiles texts = new TextFiles(workingDirectory, problems);
    SchemaLoader loader = new SchemaLoader(texts.absolute(confRoot), texts, problems);
    SchemaSpec spec = loader.find(name, new SourceLocation(Keys.clean(name), 0));
    return new LoadedSchema(problems.isEmpty() ? spec : null, problems.sorted());
  }

  /** The names of all contracts, sorted; empty if there is no folder of them. */
  public static List<String> names(Path confRoot) {
    return ConfRoot.names(confRoot.resolve(FOLDER));
  }

  /** The contract; null if there is a problem, which is then reported. */
  @Nullable SchemaSpec find(String name, SourceLocation askedAt) {
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

  private @Nullable SchemaSpec refuseName(String name, SourceLocation askedAt) {
    String near = Suggestions.didYouMean(name, names());
    String form = "write NAME-vN, such as events-v1";
    problems.add(
        askedAt, "'" + Keys.clean(name) + "' is no name of a schema", near == null ? form : near);
    return null;
  }

  /** Lower case, digits, - and _, and a version at the end. */
  private static boolean isName(String name) {
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

  private @Nullable SchemaSpec refuseMissing(String name, SourceLocation askedAt) {
    String near = Suggestions.didYouMean(name, names());
    String advice = near == null ? "write " + texts.show(file(name)) : near;
    problems.add(askedAt, "there is no schema '" + name + "'", advice);
    return null;
  }

  private Path file(String name) {
    return folder.resolve(name + ".conf");
  }

  private @Nullable SchemaSpec read(String name, SourceLocation askedAt) {
    Path file = file(name);
    if (!files.isInside(file)) {
      problems.add(askedAt, "the schema '" + name + "' lies outside the conf root");
      return null;
    }
    SourceLocation top = new SourceLocation(texts.show(file), 0);
    Node root =
        BoundedThread.call(() -> resolve(file, top), sentence -> problems.add(top, sentence));
    return root == null ? null : schema(name, root);
  }

  private @Nullable Node resolve(Path file, SourceLocation top) {
    HoconFiles.Parsed parsed = files.parse(file, top);
    return parsed == null ? null : new Document(files, top, problems).add(parsed).resolve();
  }

  private @Nullable SchemaSpec schema(String name, Node root) {
    Fields fields = Fields.of(root, problems);
    if (fields == null) {
      return null;
    }
    values.text(fields.find("description"));
    Node columns = fields.require("columns", "columns { id: bigint }");
    Node keys = fields.find("keys");
    fields.refuseOthers();
    if (columns == null || Fields.of(columns, problems) == null) {
      return null;
    }
    List<ColumnSpec> specs = new ArrayList<>();
    columns.members().forEach((column, node) -> add(column, node, specs));
    if (columns.members().isEmpty()) {
      problems.add(columns.at(), "the schema has no column", "for example id: bigint");
    }
    refuseCaseTwins(columns);
    return new SchemaSpec(name, specs, keys(keys, columns));
  }

  private void refuseCaseTwins(Node columns) {
    Map<String, String> seen = new HashMap<>();
    columns
        .members()
        .forEach(
            (column, node) -> {
              String twin = seen.putIfAbsent(column.toLowerCase(Locale.ROOT), column);
              if (twin != null) {
                problems.add(
                    node.at(),
                    "columns '"
                        + Keys.clean(twin)
                        + "' and '"
                        + Keys.clean(column)
                        + "' differ in case only");
              }
            });
  }

  private void add(String column, Node node, List<ColumnSpec> specs) {
    if (!isColumn(column)) {
      problems.add(
          node.at(),
          "'" + Keys.clean(column) + "' is no name for a column",
          "leave out spaces and any of , ; { } ( ) = . ` \" [ ]");
      return;
    }
    Node type = node;
    Boolean nullable = Boolean.TRUE;
    if (node.kind() == Kind.OBJECT) {
      Fields fields = Fields.of(node, problems);
      if (fields == null) {
        return;
      }
      type = fields.require("type", "type: bigint");
      Node nulls = fields.find("nullable");
      nullable = nulls == null ? Boolean.TRUE : values.truth(nulls);
      values.text(fields.find("description"));
      fields.refuseOthers();
    }
    String spelled = type(type);
    if (spelled != null && nullable != null) {
      specs.add(new ColumnSpec(column, spelled, nullable));
    }
  }

  private static boolean isColumn(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean unseen = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      if (unseen || UNFIT.indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isBlank() && name.length() <= LONGEST_NAME;
  }

  private @Nullable String type(@Nullable Node node) {
    String written = values.text(node);
    if (node == null || written == null) {
      return null;
    }
    ColumnTypes.Parsed parsed = ColumnTypes.parse(written);
    if (parsed.type() == null) {
      String message = "column type '" + Keys.clean(written) + "': " + parsed.error();
      problems.add(node.at(), message, parsed.suggestion());
    }
    return parsed.type();
  }

  private List<String> keys(@Nullable Node node, Node columns) {
    List<String> keys = values.words(node);
    if (node == null || keys == null) {
      return List.of();
    }
    Set<String> unique = new LinkedHashSet<>();
    for (String key : keys) {
      if (!columns.members().containsKey(key)) {
        problems.add(
            node.at(),
            "key '" + Keys.clean(key) + "' is no column",
            Suggestions.didYouMean(key, new HashSet<>(columns.members().keySet())));
      } else if (!unique.add(key)) {
        problems.add(node.at(), "key '" + Keys.clean(key) + "' is named twice");
      }
    }
    return List.copyOf(unique);
  }
}
