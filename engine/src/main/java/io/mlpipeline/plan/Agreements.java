package io.mlpipeline.plan;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether pipelines that share a place mean the same by what lies there. */
public final class Agreements {

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Use> writers = new LinkedHashMap<>();
  private final Map<String, List<Use>> readers = new LinkedHashMap<>();

  private Agreements() {}

  /** Who uses a place, under which contract. */
  private record Use(
      String pipeline, String dataset, @Nullable SchemaSpec schema, SourceLocation at) {
    String shown() {
      String contract = schema == null ? "no contract" : schema.name();
      return "'" + dataset + "' of pipeline " + pipeline + " (" + contract + ", " + at + ")";
    }
  }

  /**
   * Every place that is written twice, written as one thing and read as another, or read as two
   * things that cannot both be true.
   *
   * @param pipelines pipelines of one warehouse
   * @param warehouse its URI: a pipeline's dataset lies at {@code <warehouse>/pipeline/dataset}
   */
  public static List<Problem> problems(List<PipelineSpec> pipelines, String warehouse) {
    Agreements all = new Agreements();
    for (PipelineSpec pipeline : pipelines) {
      for (StepSpec step : pipeline.steps()) {
        step.outputs().forEach(output -> all.writes(pipeline, output, warehouse));
      }
      pipeline.inputs().forEach(input -> all.reads(pipeline, input));
    }
    all.readers.forEach(all::compare);
    return all.problems;
  }

  private void writes(PipelineSpec pipeline, OutputSpec output, String warehouse) {
    String place = place(warehouse + "/" + pipeline.name() + "/" + output.name());
    Use use = new Use(pipeline.name(), output.name(), output.schema(), output.at());
    Use earlier = writers.putIfAbsent(place, use);
    if (earlier != null) {
      problems.add(
          new Problem(
              use.at(),
              use.shown() + " is also written by " + earlier.shown(),
              "give one of the pipelines or datasets another name"));
    }
  }

  /** A pinned version is what it is, whatever its writer does now. */
  private void reads(PipelineSpec pipeline, InputSpec input) {
    if (input.schema() != null && input.version() == null) {
      String kind = input.kind() == InputKind.TABLE ? "" : input.format() + " ";
      readers
          .computeIfAbsent(kind + place(input.location()), place -> new ArrayList<>())
          .add(new Use(pipeline.name(), input.name(), input.schema(), input.at()));
    }
  }

  private static String place(String location) {
    String plain = location.startsWith("file:") ? location.substring("file:".length()) : location;
    while (plain.startsWith("//")) {
      plain = plain.substring(1);
    }
    return plain.length() > 1 && plain.endsWith("/")
        ? plain.substring(0, plain.length() - 1)
        : plain;
  }

  private void compare(String place, List<Use> uses) {
    Use writer = writers.get(place);
    for (int i = 0; i < uses.size(); i++) {
      Use reader = uses.get(i);
      if (writer != null && writer.schema() != null) {
        compareWithWriter(reader, writer);
      } else {
        for (Use other : uses.subList(0, i)) {
          compareReaders(reader, other);
        }
      }
    }
  }

  private void compareWithWriter(Use reader, Use writer) {
    SchemaSpec read = Objects.requireNonNull(reader.schema());
    SchemaSpec written = Objects.requireNonNull(writer.schema());
    List<String> why = new ArrayList<>();
    SchemaChanges.breaking(written, read).forEach(change -> why.add(change.message()));
    unnamed(written, read).ifPresent(why::add);
    if (!why.isEmpty()) {
      problems.add(
          new Problem(
              reader.at(),
              reader.shown()
                  + " cannot read what is written as "
                  + writer.shown()
                  + ": "
                  + String.join("; ", why),
              "read it as " + written.name() + ", or let both agree on one version"));
    }
  }

  /** The reader's contract is enforced where he reads, so it must bear every column. */
  private static Optional<String> unnamed(SchemaSpec written, SchemaSpec read) {
    List<String> more = new ArrayList<>();
    for (ColumnSpec column : written.columns()) {
      if (read.newColumns() == NewColumns.REJECT && read.column(column.name()).isEmpty()) {
        more.add(column.name());
      }
    }
    return more.isEmpty()
        ? Optional.empty()
        : Optional.of(
            read.name()
                + " rejects new columns, and "
                + String.join(", ", more)
                + (more.size() == 1 ? " is one" : " are some"));
  }

  private void compareReaders(Use one, Use other) {
    SchemaSpec a = Objects.requireNonNull(one.schema());
    SchemaSpec b = Objects.requireNonNull(other.schema());
    List<String> why = new ArrayList<>();
    for (ColumnSpec column : a.columns()) {
      b.column(column.name()).ifPresent(twin -> contradiction(column, twin).ifPresent(why::add));
    }
    unnamed(a, b).ifPresent(why::add);
    unnamed(b, a).ifPresent(why::add);
    if (!why.isEmpty()) {
      problems.add(
          new Problem(
              one.at(),
              one.shown()
                  + " and "
                  + other.shown()
                  + " read the same place as different things: "
                  + String.join("; ", why),
              "name one contract in both"));
    }
  }

  private static Optional<String> contradiction(ColumnSpec a, ColumnSpec b) {
    boolean isSameType =
        Widening.isLossless(a.type(), b.type()) || Widening.isLossless(b.type(), a.type());
    if (!isSameType) {
      return Optional.of("column '" + a.name() + "' is " + a.type() + " and " + b.type());
    }
    return Objects.equals(a.unit(), b.unit())
        ? Optional.empty()
        : Optional.of("column '" + a.name() + "' is measured in " + a.unit() + " and " + b.unit());
  }
}
