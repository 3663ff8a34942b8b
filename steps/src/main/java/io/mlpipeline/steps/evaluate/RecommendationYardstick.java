package io.mlpipeline.steps.evaluate;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Ratings of items by users. Outputs: the predicted rating, NaN for a user or item that the model
 * does not know, and the user's number, NaN if there is none.
 *
 * <p>Errors are of the rows that were predicted; {@code coverage} is their share. {@code
 * ndcg_at_<k>} says how well a user's rated items are put in order, the gain being the rating
 * (Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", 2002), items of one
 * prediction sharing their places evenly (McSherry and Najork, 2008): the mean over users with two
 * rows or more, absent where a rating is negative.
 *
 * @param k how many places count
 */
public record RecommendationYardstick(int k) implements Yardstick {

  @Override
  public SortedMap<String, Double> measure(ModelScores scores, int[] rows) {
    int[] predicted =
        Arrays.stream(rows).filter(row -> !Double.isNaN(scores.output(0, row))).toArray();
    SortedMap<String, Double> metrics =
        RegressionYardstick.tally(scores, predicted)
            .put("coverage", predicted.length, rows.length)
            .put("ndcg_at_" + k, RankQuality.mean(scores, predicted, k))
            .byName();
    metrics.put("rows", (double) rows.length);
    return metrics;
  }

  @Override
  public Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups) {
    return Optional.of(RegressionYardstick.gainsOf(model, champion, groups));
  }
}
