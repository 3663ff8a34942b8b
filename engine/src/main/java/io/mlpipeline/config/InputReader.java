package io.mlpipeline.config;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Suggestions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads one member of {@code inputs}. */
final class InputReader {

  private static final List<String> FORMATS = List.of("csv", "json", "parquet");

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

  /** A place, and for tables a version. */
  private record Place(InputKind kind, String location, @Nullable Long version) {}

  @Nullable InputSpec read(String name, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node files = fields.find("files");
    Node table = fields.find("table");
    Node formatNode = fields.find("format");
    Node options = fields.find("options");
    Node schemaNode = fields.find("schema");
    String schemaName = values.word(schemaNode);
    SchemaSpec schema =
        schemaNode == null || schemaName == null ? null : schemas.find(schemaName, schemaNode.at());
    Duration maxAge = maxAge(fields.find("max-age"));
    GateSpec gate = gates.read(fields.find("gate"));
    fields.refuseOthers();
    Place place = place(node, files, table);
    String format = null;
    SortedMap<String, String> texts = Collections.emptySortedMap();
    if (files != null) {
      format = format(node, formatNode);
      texts = values.textMap(options);
    } else if (table != null) {
      refuseOnTable(formatNode);
      refuseOnTable(options);
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
        node.at());
  }

  private @Nullable Duration maxAge(@Nullable Node node) {
    Duration maxAge = values.duration(node);
    if (node != null && maxAge != null && maxAge.isZero()) {
      problems.add(node.at(), "'" + node.path() + "' must be longer than nothing");
    }
    return maxAge;
  }

  private @Nullable Place place(Node node, @Nullable Node files, @Nullable Node table) {
    if (files == null && table == null) {
      problems.add(
          node.at(),
          "'" + node.path() + "' has neither 'files' nor 'table'",
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
    return location == null ? null : new Place(InputKind.FILES, location, null);
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
      problems.add(node.at(), "'" + node.path() + "' has no 'format'", "one of csv, json, parquet");
      return null;
    }
    String format = values.text(formatNode);
    if (format != null && !FORMATS.contains(format)) {
      String near = Suggestions.didYouMean(format, FORMATS);
      problems.add(
          formatNode.at(),
          "'" + formatNode.path() + "' cannot be '" + Keys.clean(format) + "'",
          near == null ? "one of csv, json, parquet" : near);
      return null;
    }
    return format;
  }

  private void refuseOnTable(@Nullable Node node) {
    if (node != null) {
      problems.add(node.at(), "'" + node.path() + "' makes no sense for a table", "leave it out");
    }
  }
}
