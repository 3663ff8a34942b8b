package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.Triage;
import io.mlpipeline.spark.failure.JobWatch;
import java.util.Optional;
import java.util.SortedMap;

/** Tells failures by what Spark threw and by what it reported of the attempt's tasks. */
public final class SparkTriage implements Triage {

  @Override
  public Optional<EngineException> classify(Throwable thrown) {
    return SparkFailures.classify(thrown);
  }

  @Override
  public Optional<EngineException> classify(Throwable thrown, SortedMap<String, String> evidence) {
    return SparkFailures.classify(thrown, evidence);
  }

  @Override
  public SortedMap<String, String> evidence(String attempt) {
    return JobWatch.evidence(attempt);
  }
}
