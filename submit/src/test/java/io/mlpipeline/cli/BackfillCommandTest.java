package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges that cannot be, and what is due of one that can; nothing of it needs Spark. */
class BackfillCommandTest {

  private static final String PIPELINE =
      """
      pipeline: shop
      inputs { raw: { files: "raw/{hour:yyyyMMdd/HH}.csv", format: csv, schema: raw-v1 } }
      steps {
        clicks {
          uses: sql, inputs { raw: { dataset: raw, partitions: each } }, params { query: "SELECT hour, id FROM raw" }
          outputs { rows: { as: clicks, partition: hour, mode: partitions } }
        }
        all { uses: sql, inputs { clicks: clicks }, params { query: "SELECT count(*) AS n FROM clicks" }, outputs { n: { } } }
      }
      """;

  @TempDir Path directory;

  @BeforeEach
  void setUp() throws IOException {
    write("conf/pipelines/shop.conf", PIPELINE);
    write("conf/schemas/raw-v1.conf", "columns { hour: string, id: bigint }\n");
    write("raw/20240601/07.csv", "hour,id\n2024-06-01T07,1\n");
    write("raw/20240602/00.csv", "hour,id\n2024-06-02T00,1\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Ran run(String line) {
    List<String> words = new ArrayList<>(List.of(line.strip().split(" +")));
    words.addAll(List.of("--warehouse", "wh"));
    return Ran.in(directory, words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "backfill shop --from 2024-06-03 --to 2024-06-01           | ends before it begins | swap"
            + " --from and --to",
        "backfill shop --from 2024-06-01T05 --to 2024-06-01T04     | ends before it begins | swap"
            + " --from and --to",
        "backfill shop --from 2024-6-1 --to 2024-06-01             | --from is no date and no hour:"
            + " '2024-6-1' | write it like 2024-06-01",
        "backfill shop --from 2024-06-01 --to 2024-06-01T24        | --to is no date and no hour:"
            + " '2024-06-01T24' | for an hour 2024-06-01T13",
        "backfill shop --from 2024-02-30 --to 2024-03-01           | --from is no date and no hour:"
            + " '2024-02-30' | write it like",
        "backfill shop --from 2024-06-01                           | Missing required option:"
            + " '--to=TIME' | --help",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --parallel 0  | --parallel must be at"
            + " least 1, not 0 | default",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --parallel -3 | --parallel must be at"
            + " least 1, not -3 | default",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --chunk 0     | --chunk must be at least"
            + " 1, not 0 | default",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --chunk many  | 'many' is not an int |"
            + " --help",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --limit-partitions 0 | --limit-partitions"
            + " must be at least 1 | leave it out",
        "backfill shopp --from 2024-06-01 --to 2024-06-02              | there is no pipeline shopp"
            + " | go where conf is",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --step click  | there is no step click |"
            + " did you mean clicks?",
        "backfill shop --from 2024-06-01 --to 2024-06-02 --step all    | no step that is asked for"
            + " makes its output by partition | mode: partitions",
        "run shop --limit-partitions 0                                 | --limit-partitions must be"
            + " at least 1, not 0 | leave it out to make all",
        "plan shop --limit-partitions -1                               | --limit-partitions must be"
            + " at least 1, not -1 | leave it out to make all",
        "run shop --partition 2024-06-01                               | '--partition' | mlpipeline"
            + " backfill makes some partitions",
      })
  void whatCannotBeIsOneProblemAndExitsWithTwo(String line, String what, String advice) {
    Ran ran = run(line);
    assertThat(ran.code()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).contains(what, advice).doesNotContain("\tat ");
    assertThat(ran.err().lines()).hasSizeLessThanOrEqualTo(3);
    assertThat(ran.out()).isEmpty();
    assertThat(directory.resolve("wh/_ml/receipts")).doesNotExist();
  }

  @Test
  void whatIsDueIsPrintedAndMadeOnlyWithSpark() {
    Ran ran = run("backfill shop --from 2024-06-01T00 --to 2024-06-02 --dry-run");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            clicks: 2 missing
                          0     6     12    18
              2024-06-01         -
              2024-06-02  -

            (. ok   - missing   ~ stale   + ran   x failed)
            """);
    Ran json = run("backfill shop --from 2024-06-01 --to 2024-06-01T23 --dry-run --output json");
    assertThat(json.out())
        .isEqualTo(
            """
            {
              "format": 1,
              "from": "2024-06-01",
              "to": "2024-06-01T23",
              "steps": [
                {
                  "name": "clicks",
                  "ok": [],
                  "missing": [
                    "2024-06-01T07"
                  ],
                  "stale": [],
                  "ran": [],
                  "failed": [],
                  "failures": {}
                }
              ]
            }
            """);
  }

  @Test
  void aRangeWithoutAnyPartitionSaysWhichThereAre() {
    Ran ran = run("backfill shop --from 2023-01-01 --to 2023-12-31 --dry-run");
    assertThat(ran.out())
        .contains("clicks: nothing in this range")
        .contains("none of its 2 partitions is among those asked for")
        .contains("they are 2024-06-01T07 to 2024-06-02T00");
  }
}
