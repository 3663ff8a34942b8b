package io.mlpipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A pipeline of four steps and five tables whose driver is killed; its results never vary. */
final class CrashPipeline {

  private static final String PIPELINE =
      """
      pipeline: crash
      inputs { raw: { files: ${conf-root}"/data", format: csv } }
      steps {
        ingest {
          uses: ingest
          inputs { raw: raw }
          outputs { rows: { as: rows, schema: rows-v1, gate: { block: ["RowCount = 40"] } } }
        }
        sides {
          uses: split
          inputs { rows: rows }
          params { key: [id], holdout: 0.3 }
          outputs {
            train:   { as: left, gate: { block: ["RowCount > 0"] } }
            holdout: { as: right, gate: { block: ["RowCount > 0"] } }
          }
        }
        days {
          uses: sql
          inputs { rows: left }
          params { query: "SELECT id, amount, day FROM rows" }
          outputs { days: { schema: days-v1, partition: day, gate: { block: ["RowCount > 0"] } } }
        }
        totals {
          uses: sql
          inputs { days: days, rows: right }
          params { query: "SELECT day, sum(amount) AS amount, count(*) AS n FROM (SELECT day, amount FROM days UNION ALL SELECT day, amount FROM rows) GROUP BY day" }
          outputs { totals: { gate: { block: ["IsUnique \\"day\\""] } } }
        }
      }
      """;

  private static final String COLUMNS =
      "columns { id: \"bigint\", day: \"date\", amount: \"decimal(10,2)\" }\n";

  private CrashPipeline() {}

  /** Writes its files below a folder; gives that of the pipeline. */
  static Path write(Path conf) throws IOException {
    for (String folder : List.of("pipelines", "schemas", "env", "data")) {
      Files.createDirectories(conf.resolve(folder));
    }
    Files.writeString(conf.resolve("env/local.conf"), "");
    Files.writeString(conf.resolve("schemas/rows-v1.conf"), COLUMNS + "keys: [id]\n");
    Files.writeString(
        conf.resolve("schemas/days-v1.conf"),
        "columns { id: \"bigint\", amount: \"decimal(10,2)\", day: \"date\" }\n");
    String rows =
        IntStream.range(0, 40)
            .mapToObj(i -> i + ",2024-05-0" + (1 + i % 4) + "," + i + ".25\n")
            .collect(Collectors.joining());
    Files.writeString(conf.resolve("data/rows.csv"), "id,day,amount\n" + rows);
    return Files.writeString(conf.resolve("pipelines/crash.conf"), PIPELINE);
  }
}
