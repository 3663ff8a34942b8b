package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of a pipeline by day are by day too. */
class SampledPartitionsIT {

  @TempDir Path temp;

  @BeforeEach
  void setUp() throws IOException {
    TestSpark.session();
    write(
        "conf/pipelines/shop.conf",
        """
        pipeline: shop
        inputs { raw: { files: "raw/{day}.csv", format: csv, schema: raw-v1, sample-by: id } }
        steps {
          lines {
            uses: sql, inputs { raw: { dataset: raw, partitions: each } }
            params { query: "SELECT CAST(day AS DATE) AS day, id, amount FROM raw" }
            outputs { rows: { as: lines, partition: day, mode: partitions, gate: { block: ["RowCount > 390"] } } }
          }
          sums {
            uses: sql, inputs { lines: { dataset: lines, partitions: "window(2d)" } }
            params { query: "SELECT d.day, count(*) AS n FROM (SELECT DISTINCT day FROM lines) d JOIN lines l ON l.day BETWEEN d.day - INTERVAL 1 DAY AND d.day GROUP BY d.day" }
            outputs { rows: { as: sums, partition: day, mode: partitions } }
          }
        }
        """);
    write("conf/schemas/raw-v1.conf", "columns { day: string, id: bigint, amount: bigint }\n");
    for (int day = 1; day <= 3; day++) {
      day(day, 0);
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Four hundred rows, and some more of one id that any sample of it has or has not as a whole. */
  private void day(int day, int more) throws IOException {
    StringBuilder text = new StringBuilder("day,id,amount\n");
    for (int i = 0; i < 400 + more; i++) {
      text.append("2024-06-0").append(day).append(',').append(i % 400).append(",1\n");
    }
    write("raw/2024-06-0" + day + ".csv", text.toString());
  }

  private Ran run(String line) {
    return Ran.in(temp, (line + " --warehouse wh").split(" "));
  }

  private List<Row> sums(String warehouse) {
    return TestSpark.session()
        .read()
        .format("delta")
        .load(temp.resolve(warehouse).resolve("shop/sums").toString())
        .orderBy("day")
        .collectAsList();
  }

  @Test
  void aSampleOfDaysMakesWhatIsStaleAndAsManyAsAreAskedFor() throws IOException {
    Ran newest = run("run shop --sample 20% --limit-partitions 1");
    assertThat(newest.code()).as(newest.err()).isZero();
    assertThat(newest.out())
        .contains("first run: 1 of 3 partitions; 2 more are due and left out")
        .contains("lines: RowCount > 390 judged as > 78 on a 20% sample, as a warning");
    assertThat(sums("wh__sample-20pct")).hasSize(1);

    assertThat(run("run shop --sample 20%").out()).contains("2 of 3 partitions: new");
    day(2, 400);
    Ran late = run("run shop --sample 20%");
    assertThat(late.out())
        .contains("1 of 3 partitions: raw changed (2024-06-02)")
        .contains("2 of 3 partitions: lines changed (2024-06-02, 2024-06-03)");
    List<Row> sums = sums("wh__sample-20pct");
    long one = sums.get(0).getLong(1);
    assertThat(one).as("of 400 ids").isBetween(50L, 110L);
    assertThat(sums).extracting(row -> row.getLong(1)).containsExactly(one, 3 * one, 3 * one);
    assertThat(temp.resolve("wh/shop")).doesNotExist();
  }

  @Test
  void aStepAloneIsSampledByDayFromWhatIsPublished() throws IOException {
    assertThat(run("run shop --quiet").code()).isZero();
    Ran first = run("run shop --step sums --sample 20%");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("lines is read as published", "lines by id");
    assertThat(first.out()).contains("first run: all 3 partitions");
    long one = sums("wh__sample-20pct").get(0).getLong(1);
    assertThat(one).isBetween(50L, 110L);
    assertThat(sums("wh")).extracting(row -> row.getLong(1)).containsExactly(400L, 800L, 800L);

    day(3, 400);
    assertThat(run("run shop --quiet").code()).isZero();
    Ran late = run("run shop --step sums --sample 20%");
    assertThat(late.out()).contains("1 of 3 partitions: lines changed (2024-06-03)");
    assertThat(sums("wh__sample-20pct"))
        .extracting(row -> row.getLong(1))
        .containsExactly(one, 2 * one, 3 * one);

    String file = Files.readString(temp.resolve("conf/pipelines/shop.conf"));
    write("conf/pipelines/shop.conf", file.replace("sample-by: id", "sample-by: [id, amount]"));
    Ran other = run("run shop --step sums --sample 20%");
    assertThat(other.out())
        .as("other rows are meant")
        .contains("all 3 partitions", "lines by id, amount");
  }
}
