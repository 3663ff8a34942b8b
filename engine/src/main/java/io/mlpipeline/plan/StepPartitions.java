package io.mlpipeline.plan;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionKey;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionTime.Unit;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.PathLayout;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a step should have, and what each is made under. They follow from the inputs:
 * those that it reads partition by partition or hour by hour, or, without one, those that it reads
 * in windows.
 */
final class StepPartitions {

  private final StepSpec step;
  private final String base;

  /** Content by partition, by port. */
  private final SortedMap<String, SortedMap<String, String>> inputs = new TreeMap<>();

  private final SortedMap<String, String> keys = new TreeMap<>();
  private @Nullable String problem;

  private StepPartitions(StepSpec step, String base) {
    this.step = step;
    this.base = base;
  }

  static StepPartitions of(
      StepSpec step,
      StepCode code,
      List<PinnedInput> read,
      Map<String, InputSpec> externals,
      Knowledge known) {
    return of(step, Fingerprints.base(step, code, read, externals), read, externals, known);
  }

  /** The same for a base that is known. */
  static StepPartitions of(
      StepSpec step,
      String base,
      List<PinnedInput> read,
      Map<String, InputSpec> externals,
      Knowledge known) {
    StepPartitions parts = new StepPartitions(step, base);
    for (PinnedInput input : read) {
      if (step.use(input.port()).isPartial()) {
        parts.add(input, externals.get(input.dataset()), known);
      }
    }
    if (parts.problem == null) {
      parts.makeKeys();
    }
    return parts;
  }

  /** Why the partitions are not known; null if they are. */
  @Nullable String problem() {
    return problem;
  }

  /** What each partition is made under; in order. */
  SortedMap<String, String> keys() {
    return keys;
  }

  /** What must be read at each port to make these partitions. */
  SortedMap<String, SortedSet<String>> reads(Collection<String> asked) {
    SortedMap<String, SortedSet<String>> reads = new TreeMap<>();
    inputs.forEach(
        (port, there) -> {
          SortedSet<String> wanted = new TreeSet<>();
          asked.forEach(name -> wanted.addAll(step.use(port).of(name, names(there))));
          reads.put(port, wanted);
        });
    return reads;
  }

  private void add(PinnedInput input, @Nullable InputSpec external, Knowledge known) {
    PinnedSource source = input.source();
    OutputVersion output = input.output();
    if (source != null && source.kind() == InputKind.FILES && external != null) {
      addFiles(input, source, external);
    } else if (source != null && source.kind() == InputKind.TABLE) {
      addTable(input, new Need.Partitions(source.uri(), source.version(), null), known);
    } else if (output != null) {
      addTable(
          input, new Need.Partitions(output.uri(), output.version(), output.partitions()), known);
    } else {
      problem = "input " + input.dataset() + " has no partitions";
    }
  }

  private void addFiles(PinnedInput input, PinnedSource source, InputSpec external) {
    SortedMap<String, String> contents = new TreeMap<>();
    PathLayout.partitions(external, source)
        .forEach((name, files) -> contents.put(name, hash(files)));
    PathLayout.findUnplaced(external, source)
        .ifPresent(
            file ->
                problem =
                    "file "
                        + file.name()
                        + " of input "
                        + input.dataset()
                        + " does not say its partition: name the place, as in {"
                        + columns().get(0)
                        + "}/*.csv, or keep such files apart");
    put(input, contents);
  }

  private static String hash(List<PinnedFile> files) {
    Canonical hash = new Canonical().count(files.size());
    files.forEach(file -> hash.text(file.name()).text(file.digest()));
    return hash.shortHex();
  }

  private void addTable(PinnedInput input, Need.Partitions wanted, Knowledge known) {
    Optional<PartitionSet> found = known.partitions(wanted);
    if (found.isEmpty()) {
      problem =
          "what input "
              + input.dataset()
              + " holds by partition is not known: it has no partitions, or its format hides them;"
              + " read it with partitions: all";
    }
    SortedMap<String, String> contents = new TreeMap<>();
    found
        .orElse(PartitionSet.EMPTY)
        .partitions()
        .forEach((name, part) -> contents.put(name, part.content()));
    put(input, contents);
  }

  private List<String> columns() {
    return step.outputs().get(0).partitionBy();
  }

  private void put(PinnedInput input, SortedMap<String, String> contents) {
    inputs.put(input.port(), contents);
    SortedSet<String> wanted = new TreeSet<>(columns());
    PartitionUse use = step.use(input.port());
    boolean isHours = use.kind() == PartitionUse.Kind.HOURS;
    for (String name : contents.keySet()) {
      SortedSet<String> has = new TreeSet<>(PartitionNames.values(name).keySet());
      if (isHours ? has.size() != 1 : !has.equals(wanted)) {
        problem = differs(input, String.join(", ", has), isHours ? "one column" : wanted());
        return;
      }
      Unit unit = isHours ? Unit.HOUR : use.unit();
      if ((isHours || use.kind() == PartitionUse.Kind.WINDOW) && !is(name, unit)) {
        problem = other(use, input.dataset(), name, unit);
        return;
      }
    }
  }

  private static boolean is(String name, Unit unit) {
    return PartitionNames.time(name).filter(time -> time.unit() == unit).isPresent();
  }

  private String wanted() {
    return String.join(", ", new TreeSet<>(columns()));
  }

  private static String differs(PinnedInput input, String has, String wanted) {
    return "input " + input.dataset() + " is partitioned by " + has + ", not by " + wanted;
  }

  private static String other(PartitionUse use, String dataset, String name, Unit unit) {
    String form =
        unit == Unit.DAY ? "dates are written 2024-06-01" : "hours are written 2024-06-01T13";
    return (use.kind() == PartitionUse.Kind.WINDOW
            ? use + " counts " + unit.word() + "s"
            : "hours make days")
        + ", and partition "
        + PartitionNames.shown(name)
        + " of "
        + dataset
        + " is no "
        + unit.word()
        + ": "
        + form;
  }

  private void makeKeys() {
    for (String name : made()) {
      for (PartitionUse use : step.partitions().values()) {
        boolean isTimed = use.kind() != PartitionUse.Kind.EACH && use.isPartial();
        if (isTimed && !is(name, use.unit())) {
          problem = other(use, step.name(), name, use.unit());
          return;
        }
      }
      SortedMap<String, SortedMap<String, String>> of = new TreeMap<>();
      inputs.forEach(
          (port, there) -> {
            SortedMap<String, String> contents = new TreeMap<>(there);
            contents.keySet().retainAll(step.use(port).of(name, names(there)));
            of.put(port, contents);
          });
      keys.put(name, PartitionKey.of(base, of));
    }
  }

  /** The partitions that there should be. */
  private SortedSet<String> made() {
    String column = columns().get(0);
    SortedSet<String> guided = new TreeSet<>();
    SortedSet<String> windows = new TreeSet<>();
    inputs.forEach(
        (port, contents) -> {
          PartitionUse use = step.use(port);
          if (use.isGuiding()) {
            contents.keySet().forEach(name -> guided.add(use.follows(name, column)));
          } else {
            windows.addAll(contents.keySet());
          }
        });
    boolean isGuided = inputs.keySet().stream().anyMatch(port -> step.use(port).isGuiding());
    return isGuided ? guided : windows;
  }

  private static SortedSet<String> names(SortedMap<String, String> contents) {
    return new TreeSet<>(contents.keySet());
  }
}
