package io.mlpipeline.steps.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {

  @Test
  void readsPercentAndFractions() {
    assertThat(Share.parse("canary", "10%").buckets()).isEqualTo(1000);
    assertThat(Share.parse("canary", " 0.5 % ").buckets()).isEqualTo(50);
    assertThat(Share.parse("canary", "0.25").buckets()).isEqualTo(2500);
    assertThat(Share.parse("canary", "100%").buckets()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0%", "150%", "-5%", "a tenth", "", "0.00001", "NaN"})
  void refusesWhatIsNoShare(String text) {
    assertThatThrownBy(() -> Share.parse("canary", text))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("param canary is '" + text + "'");
  }
}
