package io.mlpipeline.steps;

import io.mlpipeline.steps.Evaluate.Task;
import java.util.List;

/** Params of {@code evaluate} that are as in a pipeline which does not say otherwise. */
final class EvaluateParams {

  private final String label;
  private Task task = Task.AUTO;
  private String positive = "";
  private List<String> slices = List.of();
  private List<String> protectedColumns = List.of();
  private double threshold = 0.5;
  private int bootstrap = 200;
  private double confidence = 0.95;
  private List<String> top = List.of();
  private boolean latency;

  private EvaluateParams(String label) {
    this.label = label;
  }

  static EvaluateParams of(String label) {
    return new EvaluateParams(label);
  }

  EvaluateParams task(Task value) {
    task = value;
    return this;
  }

  EvaluateParams positive(String value) {
    positive = value;
    return this;
  }

  EvaluateParams slices(String... values) {
    slices = List.of(values);
    return this;
  }

  EvaluateParams protectedColumns(String... values) {
    protectedColumns = List.of(values);
    return this;
  }

  EvaluateParams threshold(double value) {
    threshold = value;
    return this;
  }

  EvaluateParams bootstrap(int value) {
    bootstrap = value;
    return this;
  }

  EvaluateParams confidence(double value) {
    confidence = value;
    return this;
  }

  EvaluateParams top(String... values) {
    top = List.of(values);
    return this;
  }

  EvaluateParams latency() {
    latency = true;
    return this;
  }

  Evaluate.Params build() {
    return new Evaluate.Params(
        label,
        task,
        positive,
        slices,
        protectedColumns,
        30,
        threshold,
        bootstrap,
        confidence,
        42,
        10,
        top,
        latency);
  }
}
