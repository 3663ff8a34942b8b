package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.steps.train.TrainClassifier.Algorithm;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {

  @Test
  void aGridIsEveryCombinationInTheOrderOfTheLists() {
    assertThat(
            points(
                params(0, Map.of("num-trees", List.of("5", "9"), "max-depth", List.of("3", "2")))))
        .extracting(Object::toString)
        .containsExactly(
            "{max-depth=3, num-trees=5}",
            "{max-depth=3, num-trees=9}",
            "{max-depth=2, num-trees=5}",
            "{max-depth=2, num-trees=9}");
  }

  @Test
  void drawnPointsDependOnTheSeedAndLieWithinTheirRanges() {
    TrainParams<TrainClassifier.Params> params =
        params(
            50,
            Map.of(
                "max-depth", List.of("2..4"),
                "subsampling-rate", List.of("log 0.001..1"),
                "impurity", List.of("gini", "entropy")));
    List<SortedMap<String, String>> points = points(params);
    assertThat(points).isEqualTo(points(params)).isNotEqualTo(points(params.with("seed", 43L)));
    assertThat(points).extracting(p -> p.get("max-depth")).containsOnly("2", "3", "4");
    assertThat(points).extracting(p -> p.get("impurity")).containsOnly("gini", "entropy");
    List<Double> rates =
        points.stream().map(p -> Double.valueOf(p.get("subsampling-rate"))).toList();
    assertThat(rates).allSatisfy(rate -> assertThat(rate).isBetween(0.001, 1.0));
    assertThat(rates.stream().filter(rate -> rate < 0.0316).count()).isBetween(15L, 35L);
  }

  @Test
  void pointsThatWereDrawnAreNotTriedAgain() {
    assertThat(points(params(20, Map.of("max-depth", List.of("2", "3"))))).hasSize(2);
  }

  @Test
  void saysWhatCannotBeSearched() {
    refused(params(0, Map.of("max-deep", List.of("3"))), "did you mean 'max-depth'?");
    refused(params(0, Map.of("max-depth", List.of("3", "99"))), "search.max-depth is 99; it must");
    refused(params(0, Map.of("max-depth", List.of())), "search.max-depth has no values");
    refused(params(0, Map.of("max-depth", List.of("2..5"))), "is a range: say with search-trials");
    refused(params(5, Map.of("max-depth", List.of("5..2"))), "which does not ascend");
    refused(params(5, Map.of("max-depth", List.of("2..99"))), "search.max-depth is 99; it must");
    refused(params(5, Map.of("max-depth", List.of("log 0..9"))), "only what is above 0");
    refused(params(1001, Map.of("max-depth", List.of("3"))), "search-trials is 1001");
    refused(
        params(0, Map.of("max-depth", List.of("3"))).learner("max-depth", "4"),
        "max-depth is set under learner and searched for");
    List<String> many = java.util.stream.IntStream.range(1, 1003).mapToObj(i -> "" + i).toList();
    refused(params(0, Map.of("num-trees", many)), "search has 1002 combinations, more than 1000");
  }

  private static void refused(TrainParams<TrainClassifier.Params> given, String problem) {
    TrainClassifier.Params params = given.build();
    assertThat(SearchSpace.problems(params, TrainClassifier.learner(params)))
        .singleElement()
        .asString()
        .contains(problem);
  }

  private static List<SortedMap<String, String>> points(TrainParams<TrainClassifier.Params> given) {
    TrainClassifier.Params params = given.build();
    assertThat(SearchSpace.problems(params, TrainClassifier.learner(params))).isEmpty();
    return SearchSpace.points(params, TrainClassifier.learner(params).settings(), params.seed());
  }

  private static TrainParams<TrainClassifier.Params> params(
      int trials, Map<String, List<String>> search) {
    return TrainParams.of(Algorithm.RANDOM_FOREST)
        .customers()
        .with("searchTrials", trials)
        .with("search", search);
  }
}
