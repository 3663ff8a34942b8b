package io.mlpipeline.spark.gate;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.testkit.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Other datasets for rules to look at: a name, and the query that gives its rows. */
record OtherRows(Map<String, String> queries) implements GateContext {

  @Override
  public Optional<Dataset<Row>> reference(String dataset) {
    return Optional.ofNullable(queries.get(dataset)).map(TestSpark.session()::sql);
  }

  @Override
  public List<Measurement> past() {
    return List.of();
  }

  @Override
  public Optional<Baseline> baseline(String name, String judged) {
    return Optional.empty();
  }

  @Override
  public Optional<String> content() {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> profile(String content) {
    return Optional.empty();
  }

  @Override
  public void keepProfile(String content, byte[] profile) {}
}
