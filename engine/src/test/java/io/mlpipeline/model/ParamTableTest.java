package io.mlpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamTableTest {

  private static final ParamTable TABLE =
      ParamTable.parse(
          """
          # a comment
          forest | num-trees | int | >= 1 | how many trees
          forest | impurity | word | gini or entropy
          forest | subset | word | all or whole >= 1 or > 0 and <= 1
          forest | max-iter | see | num-trees
          net | layers | ints | > 0 and size >= 2
          net | start | text | random or k-means|| | where it starts
          net | rates | doubles |  | one a round
          tweedie | power | double | 0 or >= 1

          * | verbose | boolean
          """);

  @ParameterizedTest
  @CsvSource({
    "forest, num-trees, 1",
    "forest, impurity, Gini",
    "forest, subset, ALL",
    "forest, subset, 12",
    "forest, subset, 0.25",
    "net, layers, 4 8 2",
    "net, start, k-means||",
    "net, rates, -1 1e-3",
    "tweedie, power, 0",
    "tweedie, power, 0.0",
    "tweedie, power, 1.5",
    "tweedie, verbose, true",
  })
  void takesWhatIsAllowed(String choice, String key, String value) {
    assertThat(TABLE.problem(choice, "it", key, List.of(value))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "forest ! num-tres ! 1 ! it means nothing to forest; did you mean 'num-trees'?",
        "forest ! max-iter ! 1 ! it means nothing to forest; see num-trees",
        "forest ! power ! 1 ! it means nothing to forest; its params are impurity, num-trees,"
            + " subset, verbose",
        "forest ! num-trees ! 0 ! it is 0; it must be >= 1: how many trees",
        "forest ! num-trees ! many ! it is many; it must be a whole number",
        "forest ! num-trees ! 1.5 ! it is 1.5; it must be a whole number",
        "forest ! num-trees ! 1;2 ! it is [1, 2]; it must be a whole number",
        "forest ! impurity ! ginni ! it is ginni; it must be gini or entropy; did you mean 'gini'?",
        "forest ! subset ! 1.5 ! it is 1.5; it must be all, a whole number >= 1 or > 0 and <= 1",
        "net ! layers ! 4 ! it is 4; it must be > 0 and size >= 2",
        "net ! layers ! 4;0 ! it is [4, 0]; it must be > 0 and size >= 2",
        "net ! layers ! 4 x ! it is 4 x; it must be whole numbers",
        "net ! start ! Random ! it is Random; it must be random or k-means||; did you mean"
            + " 'random'?",
        "net ! rates ! NaN ! it is NaN; it must be finite numbers",
        "tweedie ! power ! 0.5 ! it is 0.5; it must be 0 or >= 1",
        "tweedie ! power ! Infinity ! it is Infinity; it must be a finite number",
        "tweedie ! verbose ! yes ! it is yes; it must be true or false",
        "* ! power ! 1 ! it means nothing; its params are verbose",
      })
  void saysWhatIsWrong(String choice, String key, String value, String message) {
    List<String> written = Arrays.asList(value.split(";"));
    assertThat(TABLE.problem(choice, "it", key, written)).hasToString(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "num-trees ! 5;0 ! it is 0; it must be >= 1: how many trees",
        "num-trees ! 0..5 ! it is 0; it must be >= 1: how many trees",
        "num-trees ! 9..5 ! it is '9..5', which does not ascend",
        "num-trees ! log 0..5 ! it is 'log 0..5', but only what is above 0 has a logarithm",
        "num-tree ! 5 ! it means nothing to forest; did you mean 'num-trees'?",
      })
  void judgesEachValueThatIsSearched(String key, String values, String message) {
    assertThat(TABLE.searched("forest", "it", key, Arrays.asList(values.split(";"))))
        .hasToString(message);
  }

  @Test
  void takesValuesAndRangesToSearch() {
    assertThat(TABLE.searched("forest", "it", "num-trees", List.of("5", "9"))).isNull();
    assertThat(TABLE.searched("forest", "it", "num-trees", List.of("log 1..1000"))).isNull();
    assertThat(TABLE.searched("net", "it", "layers", List.of("4 2", "4 8 2"))).isNull();
    assertThat(TABLE.searched("forest", "it", "num-trees", List.of()))
        .hasToString("it has no values");
  }

  @Test
  void readsValuesOfTheirTypes() {
    assertThat(TABLE.rules("net").get("layers").value(List.of("4, 8", "2")))
        .isEqualTo(new int[] {4, 8, 2});
    assertThat(TABLE.rules("net").get("verbose").value(List.of(" true "))).isEqualTo(true);
    assertThat(TABLE.rules("forest").get("num-trees").value(List.of("7"))).isEqualTo(7);
  }

  @Test
  void doesNotRepeatALongValue() {
    ParamProblem problem = TABLE.problem("forest", "it", "impurity", List.of("x".repeat(5000)));
    assertThat(problem).isNotNull().asString().hasSizeLessThan(200).contains("x...");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forest | num-trees",
        "forest | num-trees | integer | >= 1",
        "forest | num-trees | int | >= one",
        "forest | num-trees | int | > 1 and",
        "forest | num-trees | int | 1 or  or 2",
        "a | b | int\na | b | int",
        "a | b | int | > 1 | why | because",
      })
  void refusesATableThatCannotBeReadAndNamesTheLine(String text) {
    assertThatThrownBy(() -> ParamTable.parse("# table\n" + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("line [23]: .*");
  }
}
