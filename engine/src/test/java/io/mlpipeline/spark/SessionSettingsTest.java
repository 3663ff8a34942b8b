package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {

  private static SparkConf conf(int parallel, Map<String, String> conf) {
    return SessionSettings.conf(new SparkOptions("churn", parallel, conf), 3);
  }

  @Test
  void startsHereWithNothingThatOnlyOthersNeed() {
    SparkConf conf = conf(4, Map.of());
    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.app.name")).isEqualTo("churn");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.driver.host")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.hadoop.fs.file.impl"))
        .isEqualTo("io.mlpipeline.delta.NioLocalFileSystem");
    assertThat(conf.get("spark.scheduler.mode")).isEqualTo("FAIR");
    assertThat(conf.get("spark.sql.shuffle.partitions")).isEqualTo("3");
    assertThat(conf(1, Map.of()).contains("spark.scheduler.mode")).isFalse();
  }

  @Test
  void leavesAClusterItsOwnSettings() {
    SparkConf conf = conf(4, Map.of("spark.master", "yarn"));
    assertThat(conf.contains("spark.ui.enabled")).isFalse();
    assertThat(conf.contains("spark.hadoop.fs.file.impl")).isFalse();
    assertThat(conf.contains("spark.driver.host")).isFalse();
    assertThat(conf.contains("spark.sql.shuffle.partitions")).isFalse();
    assertThat(conf.get("spark.delta.logStore.file.impl"))
        .isEqualTo("io.mlpipeline.delta.LinkLogStore");
  }

  @Test
  void addsDeltaToWhatTheUserAskedForAndOverridesNothingElse() {
    SparkConf conf =
        conf(4, Map.of("spark.sql.extensions", "com.example.Mine", "spark.ui.enabled", "true"));
    assertThat(conf.get("spark.sql.extensions"))
        .isEqualTo("com.example.Mine,io.delta.sql.DeltaSparkSessionExtension");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("true");
    assertThat(
            conf(4, Map.of("spark.sql.extensions", conf.get("spark.sql.extensions")))
                .get("spark.sql.extensions"))
        .isEqualTo(conf.get("spark.sql.extensions"));
  }

  @Test
  void believesSparkSubmitBeforeAnybodyElse() {
    System.setProperty("spark.master", "local[7]");
    try {
      assertThat(conf(4, Map.of("spark.master", "local[2]")).get("spark.master"))
          .isEqualTo("local[7]");
    } finally {
      System.clearProperty("spark.master");
    }
  }
}
