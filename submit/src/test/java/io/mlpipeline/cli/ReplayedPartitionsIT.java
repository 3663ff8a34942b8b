package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were set apart join the days of a table by day again, and days below follow. */
class ReplayedPartitionsIT {

  @TempDir Path temp;

  @BeforeEach
  void setUp() throws IOException {
    TestSpark.session();
    write(
        "conf/pipelines/shop.conf",
        """
        pipeline: shop
        inputs { raw: { files: "raw/{day}.csv", format: csv, schema: raw-v1 } }
        steps {
          lines {
            uses: sql, inputs { raw: { dataset: raw, partitions: each } }
            params { query: "SELECT CAST(day AS DATE) AS day, id, amount FROM raw" }
            outputs { rows: { as: lines, partition: day, mode: partitions, keys: [id]
              gate: { quarantine: [\"""ColumnValues "amount" >= 0\"""], max-quarantine: 0.7 } } }
          }
          sums {
            uses: sql, inputs { lines: { dataset: lines, partitions: each } }
            params { query: "SELECT day, sum(amount) AS amount FROM lines GROUP BY day" }
            outputs { rows: { as: sums, partition: day, mode: partitions } }
          }
        }
        """);
    write("conf/schemas/raw-v1.conf", "columns { day: string, id: bigint, amount: bigint }\n");
    write("raw/2024-06-01.csv", "day,id,amount\n2024-06-01,1,5\n2024-06-01,2,-1\n");
    write("raw/2024-06-02.csv", "day,id,amount\n2024-06-02,3,5\n2024-06-02,4,-1\n");
    write("raw/2024-06-03.csv", "day,id,amount\n2024-06-03,5,-5\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Ran run(String line) {
    return Ran.in(temp, (line + " --warehouse wh").split(" "));
  }

  private List<String> sums() {
    return TestSpark.session()
        .read()
        .format("delta")
        .load(temp.resolve("wh/shop/sums").toString())
        .orderBy("day")
        .collectAsList()
        .stream()
        .map((Row row) -> row.mkString(" "))
        .toList();
  }

  @Tag("long")
  @Test
  void correctedRowsJoinTheirDaysAndOnlyThoseRunBelow() throws IOException {
    assertThat(run("run shop --quiet").code()).isZero();
    write("corrected.csv", "day,id,amount\n2024-06-02,4,1\n2024-06-03,5,50\n2024-06-01,2,-2\n");
    assertThat(run("gates replay shop lines --from corrected.csv").out())
        .isEqualTo("shop/lines: 2 rows added, 1 stay in quarantine; now v1\n");
    Ran next = run("run shop");
    assertThat(next.out())
        .containsPattern("lines +reused")
        .contains("2 of 3 partitions: lines changed (2024-06-02, 2024-06-03)");
    assertThat(sums()).containsExactly("2024-06-01 5", "2024-06-02 6", "2024-06-03 50");
    assertThat(run("run shop").out()).contains("everything was reused");

    write("corrected.csv", "day,id,amount\n2024-06-09,2,1\n");
    Ran stray = run("gates replay shop lines --from corrected.csv");
    assertThat(stray.code()).as(stray.out()).isEqualTo(3);
    assertThat(stray.err())
        .contains("rows would join lines in partitions that it does not have: 2024-06-09")
        .doesNotContain("\tat ");
    write("corrected.csv", "day,id,amount\n2024-06-02,2,10\n");
    assertThat(run("gates replay shop lines --from corrected.csv").out())
        .contains("1 rows added, 0 stay in quarantine; now v2");
    assertThat(run("run shop").out()).contains("1 of 3 partitions: lines changed (2024-06-02)");
    assertThat(sums()).containsExactly("2024-06-01 5", "2024-06-02 16", "2024-06-03 50");

    write("raw/2024-06-01.csv", "day,id,amount\n2024-06-01,1,7\n");
    assertThat(run("run shop").out()).contains("1 of 3 partitions: raw changed (2024-06-01)");
    assertThat(sums())
        .as("rows that joined other days stay")
        .containsExactly("2024-06-01 7", "2024-06-02 16", "2024-06-03 50");
  }
}
