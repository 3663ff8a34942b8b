package io.mlpipeline.spark.gate;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.testkit.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Other datasets for rules to look at: a name, and the query that gives its rows; and a past. */
record OtherRows(Map<String, String> queries, List<Measurement> past) implements GateContext {

  OtherRows(Map<String, String> queries) {
    this(queries, List.of());
  }

  @Override
  public Optional<Dataset<Row>> reference(String dataset) {
    return Optional.ofNullable(queries.get(dataset)).map(TestSpark.session()::sql);
  }

  @Override
  public Optional<Baseline> baseline(String name, String judged) {
    return Optional.ofNullable(queries.get(name))
        .map(sql -> new Baseline(name, "c1:" + name, () -> TestSpark.session().sql(sql)));
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
