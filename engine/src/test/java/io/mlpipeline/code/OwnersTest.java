package io.mlpipeline.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Names;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java/lang/String",
        "org/apache/spark/sql/Row",
        "scala/Option",
        "io/delta/tables/DeltaTable",
        "io/mlpipeline/Engine",
        "io/mlpipeline/step/Step",
        "io/mlpipeline/spark/ml/Models$Loader"
      })
  void platformClassesAreInNoDigest(String name) {
    assertThat(Owners.isPlatform(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io/mlpipeline/steps/Ingest",
        "io/mlpipeline/stepping/Own",
        "io/mlpipelines/Own",
        "org/apache/commons/math3/Util",
        "org/apache/sparkling/Own",
        "Unpackaged"
      })
  void otherClassesAreOfTheProjectOrThirdParty(String name) {
    assertThat(Owners.isPlatform(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a/B$C$1, a/B",
    "a/B, a/B",
    "B$C, B",
    "a/$Gen, a/$Gen",
    "a/$Gen$C, a/$Gen",
    "a$b/C$D, a$b/C"
  })
  void nestedClassesCountToTheirTopLevelClass(String name, String top) {
    assertThat(Owners.topLevel(name)).isEqualTo(top);
  }

  @ParameterizedTest
  @CsvSource({
    "maxIter, max-iter",
    "LOGISTIC_REGRESSION, logistic-regression",
    "l2Penalty, l2-penalty",
    "baseURL, base-url",
    "URLBase, url-base",
    "seed, seed",
    "GINI, gini",
    "a_b, a-b"
  })
  void javaNamesBecomeKeys(String java, String key) {
    assertThat(Names.kebab(java)).isEqualTo(key);
  }
}
