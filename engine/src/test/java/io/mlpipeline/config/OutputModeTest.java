package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an output may say of the rows that are there already. */
class OutputModeTest {

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void setUp() {
    conf = new ConfFixture(home);
  }

  private void write(String output) {
    conf.pipeline(
        """
        pipeline: p
        inputs { a: { files: "x", format: csv } }
        steps { s { uses: sql, inputs { a: a }, params { query: "select 1" }, outputs { o: {
          %s
        } } } }
        """
            .formatted(output));
  }

  @Test
  void replacesUnlessItIsToldToMerge() {
    write("keys: [id]");
    assertThat(output().mode()).isEqualTo(OutputMode.REPLACE);
    write("keys: [id], mode: merge");
    assertThat(output().mode()).isEqualTo(OutputMode.MERGE);
    write("schema: rows-v1, mode: merge");
    assertThat(output().keys()).as("the contract's").containsExactly("day");
    write("mode: replace");
    assertThat(output().mode()).isEqualTo(OutputMode.REPLACE);
  }

  @Test
  void refusesToMergeWithoutKeysAndModesThatThereAreNot() {
    write("mode: merge");
    assertThat(conf.problems())
        .singleElement()
        .asString()
        .contains("p.conf:4", "mode' is merge, and the output has no keys", "keys: [customer_id]");
    write("keys: [id], mode: merg");
    assertThat(conf.problems())
        .singleElement()
        .asString()
        .contains("p.conf:4", "mode' cannot be 'merg'", "merge");
    write("keys: [id], mode: [merge]");
    assertThat(conf.problems()).singleElement().asString().contains("must be text");
    write("schema: nope-v1, mode: merge");
    assertThat(conf.problems()).as("only that the contract is absent").hasSize(1);
  }

  private OutputSpec output() {
    return conf.load().spec().steps().get(0).outputs().get(0);
  }
}
