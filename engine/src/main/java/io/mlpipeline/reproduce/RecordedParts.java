package io.mlpipeline.reproduce;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.Need;
import io.mlpipeline.plan.PartitionsThen;
import io.mlpipeline.run.PartitionRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What of a recorded version is made again: all of it, or, of a table that is made by partition,
 * the partitions that are what the run would have made.
 *
 * @param then those partitions; null for all there is, or if something is gone
 * @param gone why they cannot be told from others, in words
 */
record RecordedParts(@Nullable PartitionsThen then, List<String> gone) {

  private static final RecordedParts WHOLE = new RecordedParts(null, List.of());
  private static final int NAMED = 3;

  RecordedParts {
    gone = List.copyOf(gone);
  }

  /** What of the step's output is made again from what it read. */
  static RecordedParts of(
      Warehouse warehouse,
      StepSpec step,
      LineageEvent event,
      List<PinnedInput> read,
      Map<String, InputSpec> externals) {
    boolean isByPartition = step.outputs().stream().anyMatch(output -> output.isByPartition());
    if (!isByPartition || event.outputs().size() != 1) {
      return WHOLE;
    }
    PartitionRecords records = new PartitionRecords(warehouse.tables(), warehouse.reuse());
    OutputVersion made = event.outputs().get(0);
    List<PartitionSet> recorded = records.of(made);
    List<String> gone = new ArrayList<>();
    if (recorded.isEmpty()) {
      gone.add(unknown(made));
    }
    read.stream()
        .filter(input -> step.use(input.port()).isPartial())
        .map(PinnedInput::output)
        .filter(Objects::nonNull)
        .filter(output -> records.find(output).isEmpty())
        .forEach(output -> gone.add(unknown(output)));
    if (!gone.isEmpty()) {
      return new RecordedParts(null, gone);
    }
    Fingerprint fingerprint =
        new Fingerprint(Objects.requireNonNull(event.fingerprint()), event.ingredients());
    return checked(
        PartitionsThen.of(
            fingerprint, step, read, externals, need -> held(records, read, need), recorded),
        made);
  }

  private static RecordedParts checked(PartitionsThen then, OutputVersion made) {
    if (then.problem() != null) {
      return new RecordedParts(null, List.of(then.problem()));
    }
    if (then.work().asked().isEmpty()) {
      String text =
          "none of the "
              + then.others().size()
              + " partitions of "
              + name(made)
              + " is of this run: earlier ones published them, from other rows, code or params;"
              + " reproduce those";
      return new RecordedParts(null, List.of(text));
    }
    return new RecordedParts(then, List.of());
  }

  private static Optional<PartitionSet> held(
      PartitionRecords records, List<PinnedInput> read, Need.Partitions wanted) {
    return read.stream()
        .map(PinnedInput::output)
        .filter(Objects::nonNull)
        .filter(one -> one.uri().equals(wanted.uri()) && one.version() == wanted.version())
        .findFirst()
        .map(records::find)
        .orElseGet(() -> records.find(wanted));
  }

  private static String unknown(OutputVersion version) {
    return "what "
        + name(version)
        + " holds by partition is not on record any more, so nobody can tell what of it this run"
        + " made";
  }

  private static String name(OutputVersion version) {
    return version.name() + "@v" + version.version();
  }

  /** What to make; null for all there is. */
  @Nullable PartitionWork work() {
    return then == null ? null : then.work();
  }

  /** What the recorded version holds of what is made again. */
  OutputVersion of(OutputVersion recorded) {
    return then == null
        ? recorded
        : new OutputVersion(
            recorded.kind(),
            recorded.port(),
            recorded.name(),
            recorded.uri(),
            recorded.version(),
            then.content().toString(),
            recorded.schemaDigest(),
            then.content().rows(),
            recorded.bytes(),
            null);
  }

  /** Whether a partition is among those that are made again. */
  boolean isMade(SortedMap<String, String> partition) {
    return then == null || then.work().asked().contains(PartitionNames.of(partition));
  }

  /** What is to be said besides the verdict. */
  List<String> notes() {
    if (then == null || then.others().isEmpty()) {
      return List.of();
    }
    List<String> few = then.others().stream().limit(NAMED).map(PartitionNames::shown).toList();
    int more = then.others().size() - few.size();
    int made = then.work().asked().size();
    return List.of(
        made
            + " of "
            + then.work().total()
            + (made == 1 ? " partitions was" : " partitions were")
            + " made again; the others are of earlier runs, from other rows, code"
            + " or params: "
            + String.join(", ", few)
            + (more == 0 ? "" : " and " + more + " more"));
  }
}
