package io.mlpipeline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Eight queries over a table of a thousand rows: two diamonds, one on the other. */
final class TrivialWork {

  static final String SCHEMA = "id BIGINT, grp STRING, day DATE, cents BIGINT";

  static final List<Query> QUERIES =
      List.of(
          new Query("cleaned", List.of("raw"), "SELECT * FROM raw WHERE cents IS NOT NULL"),
          new Query(
              "by_grp",
              List.of("cleaned"),
              "SELECT grp, count(*) AS n, sum(cents) AS total FROM cleaned GROUP BY grp"),
          new Query(
              "by_day",
              List.of("cleaned"),
              "SELECT day, count(*) AS n, max(cents) AS highest FROM cleaned GROUP BY day"),
          new Query("dear", List.of("cleaned"), "SELECT * FROM cleaned WHERE cents > 5000"),
          new Query(
              "shares",
              List.of("cleaned", "by_grp"),
              "SELECT c.id, c.grp, c.cents / g.total AS share"
                  + " FROM cleaned c JOIN by_grp g ON c.grp = g.grp"),
          new Query(
              "dear_shares",
              List.of("dear", "shares"),
              "SELECT d.id, d.day, s.share FROM dear d JOIN shares s ON d.id = s.id"),
          new Query(
              "dear_days",
              List.of("dear", "by_day"),
              "SELECT b.day, b.n, count(*) AS dear FROM by_day b JOIN dear d ON b.day = d.day"
                  + " GROUP BY b.day, b.n"),
          new Query(
              "report",
              List.of("dear_shares", "dear_days"),
              "SELECT s.id, s.share, d.n, d.dear"
                  + " FROM dear_shares s JOIN dear_days d ON s.day = d.day"));

  private TrivialWork() {}

  /** One step: the table it makes, what it reads, and how. */
  record Query(String name, List<String> inputs, String sql) {}

  /** Writes the rows, the contract and the pipeline; returns the pipeline's file. */
  static Path write(Path directory) throws IOException {
    StringBuilder rows = new StringBuilder("id,grp,day,cents\n");
    for (int id = 1; id <= 1000; id++) {
      String cents = id % 50 == 0 ? "" : Integer.toString(id * 7919 % 10_000);
      rows.append(
          String.format(Locale.ROOT, "%d,g%d,2024-04-%02d,%s%n", id, id % 7, 1 + id % 30, cents));
    }
    Files.createDirectories(directory.resolve("conf/pipelines"));
    Files.createDirectories(directory.resolve("conf/schemas"));
    Files.writeString(directory.resolve("rows.csv"), rows);
    Files.writeString(
        directory.resolve("conf/schemas/rows-v1.conf"),
        "columns { id: bigint, grp: string, day: date, cents: bigint }\n");
    Path file = directory.resolve("conf/pipelines/trivial.conf");
    Files.writeString(file, pipeline());
    return file;
  }

  private static String pipeline() {
    StringBuilder text = new StringBuilder("pipeline: trivial\n");
    text.append("inputs { raw: { files: ${data}\"/rows.csv\", format: csv, schema: rows-v1 } }\n");
    text.append("steps {\n");
    for (Query query : QUERIES) {
      text.append("  ").append(query.name()).append(" {\n    uses: sql\n    inputs {");
      query.inputs().forEach(in -> text.append(" ").append(in).append(": ").append(in).append(","));
      text.append(" }\n    params { query: \"").append(query.sql()).append("\" }\n");
      text.append("    outputs { rows: { as: ").append(query.name());
      text.append(", gate: { block: [\"RowCount > 0\"] } } }\n  }\n");
    }
    return text.append("}\n").toString().replace(" : ", ": ");
  }
}
