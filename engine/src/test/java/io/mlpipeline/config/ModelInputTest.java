package io.mlpipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an input may say of a registered model. */
class ModelInputTest {

  private static final String STEPS =
      "\n"
          + "steps { s { uses: sql, inputs { a: t }, params { query: \"select 1\" }, outputs { o:"
          + " {} } } }";

  @TempDir Path home;
  private ConfFixture conf;

  @BeforeEach
  void setUp() {
    conf = new ConfFixture(home);
  }

  @Test
  void namesAStageOrAVersionAndMayBeAbsentIfItSaysSo() {
    conf.pipeline(
        "pipeline: p\n"
            + "inputs { t: { table: \"/t\" }, now: { model: \"churn@production\", optional: true },"
            + " then: { model: \"churn@1.4.0\" } }"
            + STEPS);
    InputSpec now = conf.load().spec().input("now").orElseThrow();
    assertThat(now.kind()).isEqualTo(InputKind.MODEL);
    assertThat(now.location()).isEqualTo("churn@production");
    assertThat(now.isOptional()).isTrue();
    assertThat(conf.load().spec().input("then").orElseThrow().isOptional()).isFalse();
  }

  @Test
  void refusesWhatNamesNoVersionAndWhatMakesNoSenseForAModel() {
    refused("model: churn", "names no version of a model: 'churn'");
    refused("model: \"churn@newest\"", "write NAME@STAGE (experimental, staging");
    refused("model: \"churn@01.4.0\"", "names no version of a model");
    refused("model: \"churn@production\", format: csv", "unknown key 'format'");
    refused("model: \"churn@production\", optional: perhaps", "optional");
  }

  private void refused(String input, String problem) {
    conf.pipeline("pipeline: p\ninputs { t: { table: \"/t\" }, db: { " + input + " } }" + STEPS);
    assertThat(conf.problems()).anySatisfy(found -> assertThat(found).contains(problem));
  }
}
