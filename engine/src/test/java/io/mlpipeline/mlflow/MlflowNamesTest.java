package io.mlpipeline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MlflowNamesTest {

  @Test
  void keepsWhatMlflowTakes() {
    for (String name : new String[] {"train.auc_roc", "a-b/c.d e", "x", "a..b"}) {
      assertThat(MlflowNames.name(name)).isEqualTo(name);
    }
  }

  @Test
  void makesPathsOfSlices() {
    assertThat(MlflowNames.name("lr.auc_roc[plan=basic]")).isEqualTo("lr.auc_roc/plan/basic");
    assertThat(MlflowNames.name("auc[plan=basic, region=north west]"))
        .isEqualTo("auc/plan/basic/region/north west");
  }

  @Test
  void givesEverythingElseAHashSoThatNoTwoNamesBecomeOne() {
    assertThat(MlflowNames.name("f1@0.5")).matches("f1_0\\.5-[0-9a-f]{10}");
    assertThat(MlflowNames.name("f1#0.5")).isNotEqualTo(MlflowNames.name("f1@0.5"));
    assertThat(MlflowNames.name("auc[plan=ünknown]")).matches("auc_plan__nknown_-[0-9a-f]{10}");
    assertThat(MlflowNames.name("auc[path=a/../b]")).matches("auc_path_a_\\.\\._b_-[0-9a-f]{10}");
    assertThat(MlflowNames.name("auc[plan=..]")).matches("auc_plan_\\.\\._-[0-9a-f]{10}");
    for (String odd : new String[] {"/a", "a/", "a//b", ".", "..", "../a", "a/./b", "", "[]"}) {
      assertThat(MlflowNames.name(odd)).as(odd).matches("[A-Za-z0-9_.-]*-[0-9a-f]{10}");
    }
    assertThat(MlflowNames.name("x".repeat(300))).hasSize(250);
  }

  @Test
  void twoNamesThatMeetAreKeptApart() {
    assertThat(MlflowNames.safe(Map.of("a/k/v", 1, "a[k=v]", 2)))
        .hasSize(2)
        .containsEntry("a/k/v", 1);
  }

  @Test
  void saysWhatItCutOff() {
    assertThat(MlflowNames.cut("short", 500)).isEqualTo("short");
    assertThat(MlflowNames.cut("s".repeat(501), 500))
        .hasSize(500)
        .endsWith("s... (501 characters)");
  }
}
