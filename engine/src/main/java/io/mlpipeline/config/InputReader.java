package io.mlpipeline.config;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.MaxAge;
import io.mlpipeline.model.PathLayout;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Suggestions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads one member of {@code inputs}. */
final class InputReader {

  private static final List<String> FORMATS = List.of("csv", "json", "parquet", "orc", "avro");

  private static final String KNOWN = String.join(", ", FORMATS);

  private final Problems problems;
  private final Values values;
  private final GateReader gates;
  private final SchemaLoader schemas;
  private final Locations locations;

  InputReader(Problems problems, SchemaLoader schemas, Locations locations) {
    this.problems = problems;
    this.values = new Values(problems);
    this.gates = new GateReader(problems);
    this.schemas = schemas;
    this.locations = locations;
  }

  /** A place, for tables a version, for files what their names say. */
  private record Place(
      InputKind kind, String location, @Nullable Long version, @Nullable PathLayout layout) {

    Place(InputKind kind, String location, @Nullable Long version) {
      this(kind, location, version, null);
    }
  }

  @Nullable InputSpec read(String name, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    if (fields.find(ModelInputReader.KEY) != null) {
      return new ModelInputReader(problems).read(name, node, fields);
    }
    Node files = fields.find("files");
    Node table = fields.find("jdbc") == null ? fields.find("table") : null;
    Node formatNode = fields.find("format");
    Node options = fields.find("options");
    Node schemaNode = fields.find("schema");
    String schemaName = values.word(schemaNode);
    SchemaSpec schema =
        schemaNode == null || schemaName == null ? null : schemas.find(schemaName, schemaNode.at());
    MaxAge maxAge = maxAge(fields.find("max-age"), fields.find("max-age-column"));
    GateSpec gate = gates.read(fields.find("gate"));
    List<String> sampleBy = values.words(fields.find("sample-by"));
    Node jdbc = fields.find("jdbc");
    JdbcReader database = jdbc == null ? null : new JdbcReader(problems, fields);
    fields.refuseOthers();
    Place place = jdbc == null ? place(node, files, table) : database(jdbc, files, maxAge);
    String format = null;
    SortedMap<String, String> texts = Collections.emptySortedMap();
    if (files != null) {
      format = format(node, formatNode);
      texts = values.textMap(options);
    } else {
      refuse(formatNode, table != null ? "a table" : "a database");
      refuse(options, table != null ? "a table" : "a database");
      texts = database == null ? texts : database.options(node);
    }
    if (place == null || (files != null && format == null)) {
      return null;
    }
    return new InputSpec(
        name,
        place.kind(),
        place.location(),
        format,
        texts,
        place.version(),
        schema,
        maxAge,
        gate,
        InputSpec.Presence.REQUIRED,
        sampleBy == null ? List.of() : sampleBy,
        place.layout(),
        node.at());
  }

  private @Nullable MaxAge maxAge(@Nullable Node node, @Nullable Node columnNode) {
    Duration duration = values.duration(node);
    String column = values.word(columnNode);
    if (node != null && duration != null && duration.isZero()) {
      problems.add(node.at(), "'" + node.path() + "' must be longer than nothing");
    }
    if (node == null && columnNode != null) {
      problems.add(
          columnNode.at(), "'" + columnNode.path() + "' says nothing alone", "add max-age: 2d");
    }
    return duration == null ? null : new MaxAge(duration, column);
  }

  private @Nullable Place database(Node jdbc, @Nullable Node files, @Nullable MaxAge maxAge) {
    if (files != null) {
      problems.add(files.at(), "'" + files.path() + "' stands beside 'jdbc'", "keep one of them");
    }
    if (maxAge != null && maxAge.column() == null) {
      problems.add(
          jdbc.at(), "'" + jdbc.path() + "' has a max-age and no files", "add max-age-column");
    }
    String url = JdbcReader.url(values.word(jdbc), jdbc, problems);
    return url == null || files != null ? null : new Place(InputKind.JDBC, url, null);
  }

  private @Nullable Place place(Node node, @Nullable Node files, @Nullable Node table) {
    if (files == null && table == null) {
      problems.add(
          node.at(),
          "'" + node.path() + "' has neither 'files' nor 'table' nor 'jdbc' nor 'model'",
          "for example files: \"data/events\", format: csv");
      return null;
    }
    if (files != null && table != null) {
      problems.add(
          table.at(), "'" + node.path() + "' has both 'files' and 'table'", "keep one of them");
      return null;
    }
    return table == null ? files(files) : table(table);
  }

  private @Nullable Place files(@Nullable Node node) {
    String written = values.word(node);
    if (node == null || written == null) {
      return null;
    }
    String location = locations.absolute(written, node.at(), node.path());
    if (location == null || !PathLayout.isNamedBy(location)) {
      return location == null ? null : new Place(InputKind.FILES, location, null);
    }
    PathLayout layout = PathLayout.of(location);
    if (Set.copyOf(layout.columns()).size() < layout.columns().size()) {
      problems.add(node.at(), "'" + node.path() + "' names a partition twice", "name each once");
    }
    return new Place(InputKind.FILES, PathLayout.glob(location), null, layout);
  }

  private @Nullable Place table(Node node) {
    String written = values.word(node);
    if (written == null) {
      return null;
    }
    int at = written.lastIndexOf('@');
    boolean pinned = at > 0 && isVersion(written, at + 1);
    String root = pinned ? written.substring(0, at) : written;
    Long version = pinned ? version(node, written.substring(at + 1)) : null;
    String location = locations.absolute(root, node.at(), node.path());
    boolean broken = pinned && version == null;
    return location == null || broken ? null : new Place(InputKind.TABLE, location, version);
  }

  /** Digits, with or without a v, up to the end. */
  private static boolean isVersion(String text, int from) {
    int start = text.startsWith("v", from) ? from + 1 : from;
    for (int i = start; i < text.length(); i++) {
      if (!Chars.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return start < text.length();
  }

  private @Nullable Long version(Node node, String written) {
    try {
      return Long.valueOf(written.startsWith("v") ? written.substring(1) : written);
    } catch (NumberFormatException e) {
      problems.add(
          node.at(), "'" + node.path() + "' asks for version '" + Keys.clean(written) + "'");
      return null;
    }
  }

  private @Nullable String format(Node node, @Nullable Node formatNode) {
    if (formatNode == null) {
      problems.add(node.at(), "'" + node.path() + "' has no 'format'", "one of " + KNOWN);
      return null;
    }
    String format = values.text(formatNode);
    if (format != null && !FORMATS.contains(format)) {
      String near = Suggestions.didYouMean(format, FORMATS);
      problems.add(
          formatNode.at(),
          "'" + formatNode.path() + "' cannot be '" + Keys.clean(format) + "'",
          near == null ? "one of " + KNOWN : near);
      return null;
    }
    return format;
  }

  private void refuse(@Nullable Node node, String place) {
    if (node != null) {
      problems.add(node.at(), "'" + node.path() + "' makes no sense for " + place, "leave it out");
    }
  }
}
