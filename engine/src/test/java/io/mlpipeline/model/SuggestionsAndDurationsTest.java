package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionsAndDurationsTest {

  @ParameterizedTest
  @CsvSource({"10ns,PT0.00000001S", "1.5h,PT1H30M", "90 seconds,PT1M30S", "7d,PT168H", "0s,PT0S"})
  void readsDurations(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "5", "-1s", "1 week", "1.2.3s", ".", "1e3s", "300000d", "1S", "\u0661s"})
  void refusesWhatIsNoDuration(String text) {
    assertThat(Durations.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "abc,abc,0",
    "abc,abd,1",
    "abc,acb,1",
    "abc,ab,1",
    "ab,abc,1",
    "abcd,badc,2",
    "'',ab,2",
    "ca,abc,3"
  })
  void countsEditsWithSwaps(String a, String b, int distance) {
    assertThat(Suggestions.distance(a, b, 5)).isEqualTo(distance);
    assertThat(Suggestions.distance(a, b, 0) == 0).isEqualTo(distance == 0);
  }

  @Test
  void suggestsTheNearestAndNothingFar() {
    List<String> known = List.of("inputs", "outputs", "params", "uses");
    assertThat(Suggestions.nearest("input", known)).isEqualTo("inputs");
    assertThat(Suggestions.nearest("ouptuts", known)).isEqualTo("outputs");
    assertThat(Suggestions.nearest("use", known)).isEqualTo("uses");
    assertThat(Suggestions.nearest("zzz", known)).isNull();
    assertThat(Suggestions.nearest("x".repeat(1_000_000), known)).isNull();
  }
}
