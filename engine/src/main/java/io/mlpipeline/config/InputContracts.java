package io.mlpipeline.config;

import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts what contracts ask of values in front of the gates of inputs. */
final class InputContracts {

  private InputContracts() {}

  /**
   * The inputs with their contracts' rules. An input whose files are only ever read by steps that
   * take files as they are is left alone: such a step sorts out what breaks the contract, and a
   * gate in front of it would stop at the first such row.
   */
  static List<InputSpec> enforce(List<InputSpec> inputs, List<StepReader.Draft> steps) {
    List<InputSpec> enforced = new ArrayList<>();
    for (InputSpec input : inputs) {
      SchemaSpec schema = input.schema();
      boolean isRaw = input.kind() != InputKind.TABLE && isReadAsFilesOnly(input.name(), steps);
      enforced.add(
          schema == null || isRaw
              ? input
              : input.withGate(
                  ContractRules.before(ContractRules.ofInput(schema, input.at()), input.gate())));
    }
    return enforced;
  }

  private static boolean isReadAsFilesOnly(String input, List<StepReader.Draft> steps) {
    boolean any = false;
    for (StepReader.Draft step : steps) {
      for (Map.Entry<String, Node> bound : step.inputs().entrySet()) {
        if (bound.getValue().text().equals(input)) {
          any = true;
          boolean isFiles =
              step.type() != null
                  && step.type().input(bound.getKey()).map(PortInfo::files).orElse(false);
          if (!isFiles) {
            return false;
          }
        }
      }
    }
    return any;
  }
}
