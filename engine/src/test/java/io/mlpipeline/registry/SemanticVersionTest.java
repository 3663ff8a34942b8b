package io.mlpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticVersionTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0", "1.4.0", "10.20.30", "999999999.0.1"})
  void comesBackAsItWasWritten(String text) {
    assertThat(SemanticVersion.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01.2.3",
        "1.02.3",
        "1.2",
        "1",
        "",
        "1.2.3+x",
        "1.2.3-rc1",
        "1.2.3.4",
        "v1.2.3",
        " 1.2.3",
        "1.2.3\n",
        "-1.2.3",
        "1.2.x",
        "1..3",
        "1.2.1000000000",
        "\u0661.2.3"
      })
  void refusesWhatIsNoVersion(String text) {
    assertThat(SemanticVersion.find(text)).isEmpty();
    assertThatThrownBy(() -> SemanticVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.4.0");
  }

  @Test
  void sortsByNumbersAndNotByLetters() {
    assertThat(
            Stream.of("1.10.0", "1.9.9", "10.0.0", "1.9.10", "2.0.0")
                .map(SemanticVersion::parse)
                .sorted()
                .map(SemanticVersion::toString))
        .containsExactly("1.9.9", "1.9.10", "1.10.0", "2.0.0", "10.0.0");
  }

  @Test
  void aHigherNumberStartsTheLowerOnesAnew() {
    SemanticVersion version = SemanticVersion.parse("1.4.2");
    assertThat(version.nextMajor()).hasToString("2.0.0");
    assertThat(version.nextMinor()).hasToString("1.5.0");
    assertThat(version.nextPatch()).hasToString("1.4.3");
    assertThatThrownBy(() -> new SemanticVersion(1, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
