package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {

  @ParameterizedTest
  @CsvSource({
    "1%, 1%, 1pct, 10000",
    "0.01, 1%, 1pct, 10000",
    "0.5 %, 0.5%, 0_5pct, 5000",
    "12.25%, 12.25%, 12_25pct, 122500",
    "99.9999%, 99.9999%, 99_9999pct, 999999"
  })
  void aShareIsWrittenAsAPercentageOrAFraction(
      String written, String percent, String word, long parts) {
    BigDecimal share = Sampling.share(written);
    assertThat(Sampling.percent(share)).isEqualTo(percent);
    assertThat(Sampling.word(share)).isEqualTo(word);
    assertThat(new Sampling(share, new TreeMap<>()).parts()).isEqualTo(parts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-5%     | is below nothing         | --sample 1%",
        "0       | takes no row at all      | run --empty",
        "0%      | takes no row at all      | run --empty",
        "100%    | is all there is          | leave --sample out",
        "1       | is all there is          | leave --sample out",
        "200%    | is more than there is    | --sample 1%",
        "5       | is more than there is    | did you mean --sample 5%?",
        "0.00001%| is too fine              | 0.0001%",
        "ten     | is no share              | --sample 0.01",
        "1%%     | is no share              | --sample 0.01"
      })
  void aShareThatCannotBeIsRefusedInClearWords(String written, String why, String advice) {
    assertThatThrownBy(() -> Sampling.share(written))
        .isInstanceOf(InvalidConfigException.class)
        .satisfies(
            e ->
                assertThat(((InvalidConfigException) e).problems().toString())
                    .contains("a sample of " + written, why, advice));
  }

  @Test
  void theIdentityOfSampledRowsTellsTheShareAndTheKey() {
    Sampling sampling =
        new Sampling(Sampling.share("1%"), new TreeMap<>(Map.of("events", List.of("a", "b"))));
    assertThat(sampling.mark("events")).isEqualTo("~1% by a,b");
    assertThat(sampling.mark("rates")).isEmpty();
  }
}
