package io.mlpipeline.rehearse;

import io.mlpipeline.Planning;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.plan.SampleKeys;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.table.Schemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the columns and keys of datasets before they are read: their own contract, that
 * of the table which the step {@code ingest} makes of them, or the log of a table.
 */
record SampleSources(Planning planning, Map<String, PinnedSource> pins) {

  SampleKeys.Known known(InputSpec input) {
    Optional<OutputSpec> made = Excerpt.output(planning.spec(), input.name());
    boolean isMade = made.isPresent();
    Optional<OutputSpec> described = isMade ? made : ingested(input.name());
    SchemaSpec schema = input.schema();
    if (schema == null || schema.keys().isEmpty()) {
      schema = described.map(OutputSpec::schema).orElse(schema);
    }
    List<String> key = described.map(OutputSpec::keys).orElse(List.of());
    if (key.isEmpty() && schema != null) {
      key = schema.keys();
    }
    boolean isReadElsewhere = !isMade && input.kind() == InputKind.FILES && isReadRaw(input.name());
    return isReadElsewhere
        ? new SampleKeys.Known(input.name(), List.of(), List.of(), input.sampleBy())
        : new SampleKeys.Known(input.name(), columns(input, schema), key, input.sampleBy());
  }

  /** A step that reads files itself takes a sample only if it knows of samples, as ingest does. */
  private boolean isReadRaw(String dataset) {
    return planning.spec().steps().stream()
        .filter(step -> !step.uses().equals("ingest"))
        .anyMatch(step -> readsRaw(step, dataset));
  }

  private boolean readsRaw(StepSpec step, String dataset) {
    StepTypeInfo type = planning.type(step);
    return step.inputs().entrySet().stream()
        .filter(bound -> bound.getValue().equals(dataset))
        .anyMatch(bound -> type.input(bound.getKey()).map(PortInfo::files).orElse(false));
  }

  private Optional<OutputSpec> ingested(String dataset) {
    return planning.spec().steps().stream()
        .filter(step -> step.uses().equals("ingest") && step.inputs().containsValue(dataset))
        .map(StepSpec::outputs)
        .flatMap(List::stream)
        .findFirst();
  }

  private List<String> columns(InputSpec input, @Nullable SchemaSpec schema) {
    PinnedSource pin = pins.get(input.name());
    if (input.kind() == InputKind.TABLE && pin != null) {
      return planning
          .warehouse()
          .tables()
          .find(pin.uri(), pin.version())
          .map(TableLog.Snapshot::schemaJson)
          .map(json -> List.of(Schemas.parse(json).fieldNames()))
          .orElse(List.of());
    }
    return schema == null ? List.of() : schema.columns().stream().map(ColumnSpec::name).toList();
  }

  /** The pin of what is read of a dataset: a step that reads the whole of it is another step. */
  static PinnedSource marked(PinnedSource source, Sampling sampling) {
    return new PinnedSource(
        source.dataset(),
        source.kind(),
        source.uri(),
        source.version(),
        source.identity() + sampling.mark(source.dataset()),
        source.weak(),
        source.files(),
        source.bytes());
  }
}
