package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.testkit.ModelHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of registered models, in process, over histories that nobody trained. */
class ModelsCommandTest {

  @TempDir Path directory;
  private ModelRegistry registry;

  /** Events are an hour apart from 2024-03-01T00:00:00Z, the first at that time. */
  @BeforeEach
  void registerTwoModels() {
    registry = Warehouse.open("./warehouse", directory).registry();
    new ModelHistory(registry, "churn")
        .registered("1.0.0", "ann")
        .evaluated("1.0.0", 0.84, "ann")
        .approved("1.0.0", "bob")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "carl")
        .registered("1.1.0", "ann")
        .promoted("1.1.0", PromotionStage.STAGING, "ann")
        .promoted("1.1.0", PromotionStage.PRODUCTION, "dora");
    new ModelHistory(registry, "bike").registered("1.0.0", "ann");
  }

  private Ran run(String... args) {
    Ran ran = Ran.in(directory, args);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran;
  }

  @Test
  void listsWhereEveryModelStands() {
    assertThat(run("models", "list").out().lines())
        .containsExactly(
            "model  production  staging  newest  versions  last event (UTC)",
            "bike   -           -        1.0.0          1"
                + "  2024-03-01 00:00:00 registered 1.0.0 by ann",
            "churn  1.1.0       -        1.1.0          2"
                + "  2024-03-01 06:00:00 promoted 1.1.0 to production by dora");
    assertThat(run("models", "list", "--output", "json").out())
        .contains("\"model\": \"bike\"", "\"last_event\": {", "\"stage\": \"production\"");
  }

  @Test
  void saysThatThereIsNoModelYet() {
    Ran none = run("models", "list", "--warehouse", "empty");
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).contains("no models are registered in empty");
  }

  @Test
  void showsVersionsNewestFirstAndSaysWhatItLeavesOut() {
    assertThat(run("models", "show", "churn").out().lines())
        .containsExactly(
            "version  stage       since (UTC)          metrics         author  approved by",
            "1.1.0    production  2024-03-01 06:00:00  -               ann     -",
            "1.0.0    archived    2024-03-01 06:00:00  auc_roc 0.8400  ann     -");
    Ran one = run("models", "show", "churn", "--limit", "1");
    assertThat(one.out()).contains("1.1.0").doesNotContain("1.0.0");
    assertThat(one.err()).contains("the newest 1 of 2 versions; --limit 2 shows all");
    assertThat(run("models", "show", "churn", "--output", "json").out())
        .contains("\"count\": 2", "\"auc_roc\": 0.84", "\"author\": \"ann\"");
  }

  @Test
  void showsAllThatIsKnownOfOneVersion() {
    Ran card = run("models", "show", "churn@1.0.0");
    assertThat(card.out())
        .contains(
            "model      churn@1.0.0  m1:",
            "stage      archived since 2024-03-01 06:00:00",
            "version    the first version",
            "with       git-commit abc",
            "evidence   event 2, holdout c1:1400:00, no champion then",
            "  all            auc_roc     0.8400",
            "  gender=Female  auc_roc     0.8300",
            "promoted 1.0.0 to production by carl");
    assertThat(run("models", "show", "churn@production").out()).contains("churn@1.1.0");
    assertThat(run("models", "show", "churn@1.0.0", "--output", "json").out())
        .contains("\"state\": {", "\"card\": {", "\"events\": [", "\"git-commit\": \"abc\"");
  }

  @Test
  void listsTheWholeHistoryOrThatOfAVersion() {
    assertThat(run("models", "history", "churn").out().lines().toList())
        .hasSize(8)
        .contains(
            "2  2024-03-01 01:00:00  evaluated   1.0.0"
                + "                                ann   auc_roc 0.8400",
            "4  2024-03-01 03:00:00  promoted    1.0.0    experimental -> production"
                + "  carl  event 2");
    assertThat(run("models", "history", "churn@1.1.0").out().lines()).hasSize(4);
    assertThat(run("models", "history", "churn", "--output", "json").out())
        .contains("\"number\": 7", "\"kind\": \"approved\"");
  }

  @Test
  void saysWhoWasProductionThenWhoDecidedAndOnWhatEvidence() {
    assertThat(run("models", "history", "churn", "--at", "2024-03-01T04:30:00Z").out())
        .contains(
            "at         2024-03-01 04:30:00 (UTC)",
            "production churn@1.0.0  m1:",
            "since      2024-03-01 03:00:00 (UTC), event 4",
            "decided by carl",
            "approved   by bob",
            "rule       passed  candidate.auc_roc >= 0.75 (candidate.auc_roc 0.8400)",
            "evidence   event 2, holdout c1:1400:00",
            "  all            auc_roc     0.8400");
    assertThat(run("models", "history", "churn", "--at", "2024-03-01").out())
        .contains("churn@1.1.0", "decided by dora", "approved   by nobody", "evidence   none");
    assertThat(run("models", "history", "churn", "--at", "2024-02-29").out())
        .isEqualTo(
            "no version of churn was in production at 2024-02-29 23:59:59 (UTC)"
                + System.lineSeparator());
    assertThat(
            run("models", "history", "churn", "--at", "2024-03-01T04:30:00Z", "--output", "json")
                .out())
        .contains("\"decision\": {", "\"evaluated\": {", "\"approved_by\": [");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "show chrun             | there is no model chrun in ./warehouse | did you mean 'churn'?",
        "show nothing_like      | there is no model nothing_like         | models list names them",
        "show churn@1.1.1       | no version 1.1.1 of model churn        | did you mean '1.1.0'?",
        "show churn@01.1.0      | 'churn@01.1.0' names no model          | churn@production",
        "show churn@prodution   | names no model                         | did you mean"
            + " 'production'?",
        "show churn@staging     | no version of churn is staging         | models show churn",
        "show churn --limit 0   | --limit cannot be 0                    | from 1 on",
        "history churn --at May | --at cannot be 'May'                   | 2024-03-05",
        "history churn --at 2024-02-30 | --at cannot be '2024-02-30'     | a day such as",
        "history bike@2.0.0     | no version 2.0.0 of model bike         | ",
        "''                     | a command is missing                   | list",
      })
  void whatIsNotThereIsRefusedWithAWayOn(String words, String what, String remedy) {
    Ran ran = Ran.in(directory, ("models " + words).strip().split(" "));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(what);
    if (remedy != null) {
      assertThat(ran.err()).contains(remedy);
    }
  }

  @Test
  void aRegistryThatSomebodyAlteredIsToldWithItsFile() throws IOException {
    Path events = directory.resolve("warehouse/_ml/registry/churn/events");
    Files.delete(events.resolve("000000000002.json"));
    Ran ran = Ran.in(directory, "models", "history", "churn");
    assertThat(ran.code()).isEqualTo(8);
    assertThat(ran.err())
        .contains("model churn was altered by somebody else", "000000000002.json", "backup");
  }
}
