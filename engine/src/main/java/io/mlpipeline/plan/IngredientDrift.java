package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.List;
import java.util.Map;

/** What of a step is not any more as it was when it was computed. */
public final class IngredientDrift {

  private IngredientDrift() {}

  /**
   * The ingredients that differ, sorted by kind and name: code by class, params, settings,
   * platform.
   *
   * @param then what the step was keyed by
   * @param code what is known of its code now
   * @param inputs what it read then
   * @param externals what the pipeline says of inputs from outside, by dataset name
   */
  public static List<IngredientChange> of(
      Fingerprint then,
      StepSpec step,
      StepCode code,
      List<PinnedInput> inputs,
      Map<String, InputSpec> externals) {
    return Differences.between(then, Fingerprints.of(step, code, inputs, externals)).changes();
  }
}
