package io.mlpipeline.config;

import io.mlpipeline.model.SinkSpec;
import org.jspecify.annotations.Nullable;

/** Reads what an output says of a database that follows it. */
final class SinkReader {

  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String UPSERT = "upsert";

  private final Problems problems;
  private final Values values;

  SinkReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /** The sink; null if it is not one, which is then reported. */
  @Nullable SinkSpec read(Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node jdbc = fields.require("jdbc", "jdbc: \"jdbc:postgresql://host:5432/database\"");
    Node tableNode = fields.require("table", "table: \"public.scores\"");
    String user = values.word(fields.find("user"));
    String password = values.word(fields.find("password-env"));
    String driver = values.word(fields.find("driver"));
    Node mode = fields.find("mode");
    fields.refuseOthers();
    checkMode(mode);
    String url = jdbc == null ? null : url(jdbc);
    String table = tableNode == null ? null : table(tableNode);
    return url == null || table == null
        ? null
        : new SinkSpec(url, table, user, password, driver, node.at());
  }

  private @Nullable String url(Node node) {
    String url = JdbcReader.url(values.word(node), node, problems);
    if (url != null && !url.startsWith(POSTGRESQL)) {
      String dialect = url.replaceFirst("^(jdbc:[^:]*).*$", "$1");
      problems.add(
          node.at(),
          "'" + node.path() + "' is a " + Keys.clean(dialect) + " database",
          "rows can be delivered to " + POSTGRESQL + " only");
      return null;
    }
    return url;
  }

  private @Nullable String table(Node node) {
    String table = values.word(node);
    if (table != null && !table.matches("[^.\"\\p{Cntrl}]+(\\.[^.\"\\p{Cntrl}]+)?")) {
      problems.add(
          node.at(),
          "'" + node.path() + "' is no table: '" + Keys.clean(table) + "'",
          "write table or schema.table, without quotes");
      return null;
    }
    return table;
  }

  private void checkMode(@Nullable Node node) {
    String mode = values.word(node);
    if (node != null && mode != null && !mode.equals(UPSERT)) {
      problems.add(
          node.at(),
          "'" + node.path() + "' cannot be '" + Keys.clean(mode) + "'",
          "only " + UPSERT);
    }
  }
}
