package io.mlpipeline.steps;

import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.Evaluate.Params;
import io.mlpipeline.steps.evaluate.FairnessGaps;
import io.mlpipeline.steps.evaluate.MetricNames;
import io.mlpipeline.steps.evaluate.ModelScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures one model: on all rows, on slices, and the gaps between them.
 *
 * @param context where to warn
 * @param scores what all models say
 * @param model the model
 * @param params how to measure
 */
record ModelMeasures(StepContext context, Scores scores, EvaluatedModel model, Params params) {

  void addTo(Evidence evidence) {
    ModelScores says = scores.of(model);
    int[] everything = IntStream.range(0, scores.rows()).toArray();
    SortedMap<String, Double> all = new TreeMap<>(scores.yardstick().measureAll(says, everything));
    warn(all);
    List<Measured> slices = new ArrayList<>();
    for (SliceColumn column : scores.slices()) {
      List<Measured> values = slices(says, column);
      slices.addAll(values);
      if (params.protectedColumns().contains(column.name())) {
        all.putAll(gaps(column.name(), values));
      }
    }
    evidence.add(model, new Measured(Evaluate.ALL, scores.rows(), false, all));
    slices.forEach(slice -> evidence.add(model, slice));
  }

  private List<Measured> slices(ModelScores says, SliceColumn column) {
    List<Measured> values = new ArrayList<>();
    for (Map.Entry<String, int[]> value : column.rowsByValue().entrySet()) {
      int[] rows = value.getValue();
      boolean isSmall = rows.length < params.minSliceRows();
      values.add(
          new Measured(
              column.name() + "=" + value.getKey(),
              rows.length,
              isSmall,
              isSmall
                  ? scores.yardstick().count(says, rows)
                  : scores.yardstick().measure(says, rows)));
    }
    return values;
  }

  private SortedMap<String, Double> gaps(String column, List<Measured> groups) {
    List<String> small =
        groups.stream()
            .filter(Measured::isSmall)
            .map(group -> group.slice() + " (" + group.rows() + ")")
            .toList();
    if (!small.isEmpty()) {
      context
          .log()
          .warn(
              "{}: groups of fewer than {} rows are no part of the gaps of {}: {}",
              model.described(),
              params.minSliceRows(),
              column,
              small);
    }
    return FairnessGaps.of(
        groups.stream().filter(group -> !group.isSmall()).map(Measured::metrics).toList(),
        MetricNames.part(column));
  }

  private void warn(SortedMap<String, Double> all) {
    if (Double.valueOf(1).equals(all.get("auc_roc"))) {
      context
          .log()
          .warn("{} separates every row: does a feature give the label away?", model.described());
    }
  }
}
