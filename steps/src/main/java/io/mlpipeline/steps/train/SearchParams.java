package io.mlpipeline.steps.train;

import java.util.List;
import java.util.Map;

/** How the algorithm's own params are searched for. Nothing is searched if nothing is named. */
public interface SearchParams {

  /** Values by param of the algorithm: a list, or one range such as {@code log 0.001..1}. */
  Map<String, List<String>> search();

  /** How many points are drawn; 0 tries every combination of the lists. */
  int searchTrials();

  /** Into how many parts rows are divided, by hash of the key. */
  int folds();

  /** If set, the latest rows by this column judge and the earlier ones teach; no folds then. */
  String timeColumn();

  /** With a time column: the share of rows that judge. */
  double validationShare();

  /** By what trials are compared; {@code auto} is the task's usual one. */
  String metric();

  /** How many trials are fitted side by side; decides nothing but time. */
  int parallelism();
}
