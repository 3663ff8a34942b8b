package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.step.RowSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A sample of every dataset that has a key.
 *
 * @param sampling which rows
 */
public record SampledRows(Sampling sampling) implements StandIns {

  @Override
  public Dataset<Row> rows(SparkSession spark, String dataset, Supplier<Dataset<Row>> published) {
    Dataset<Row> rows = published.get();
    RowSample sample = sample(dataset).orElse(null);
    if (sample == null) {
      return rows;
    }
    List<String> known = Arrays.asList(rows.columns());
    List<String> places = new ArrayList<>();
    for (String wanted : sample.key()) {
      places.add(
          known.stream()
              .filter(wanted::equalsIgnoreCase)
              .findFirst()
              .orElseThrow(
                  () ->
                      EngineException.misused(
                          "sample-by: " + dataset + " has no column '" + wanted + "'",
                          Optional.ofNullable(Suggestions.didYouMean(wanted, known))
                              .orElse("its columns are " + String.join(", ", known)))));
    }
    return rows.filter(sample.holds(rows.schema(), places, RowSample.whole(rows.schema())));
  }

  @Override
  public Optional<RowSample> sample(String dataset) {
    return Optional.ofNullable(sampling.keys().get(dataset))
        .map(key -> new RowSample(key, sampling.parts(), Sampling.PARTS));
  }

  @Override
  public boolean isWhole(String dataset) {
    return !sampling.keys().containsKey(dataset);
  }
}
