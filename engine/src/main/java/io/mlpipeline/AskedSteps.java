package io.mlpipeline;

import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was asked of a run, as facts of its lineage; nothing if all was asked. */
final class AskedSteps {

  private static final String ONLY = "asked-step";
  private static final String FROM = "asked-from-step";
  private static final String TO = "asked-to-step";
  private static final String FORCED = "asked-force";
  private static final String FROM_DAY = "asked-from-day";
  private static final String TO_DAY = "asked-to-day";
  private static final String NEWEST = "asked-newest-partitions";
  private static final String BY_PARTITION = "asked-only-partitioned-steps";
  private static final String ALL = "*";

  private AskedSteps() {}

  static SortedMap<String, String> facts(RunRequest request) {
    SortedMap<String, String> facts = new TreeMap<>();
    put(facts, ONLY, request.only());
    put(facts, FROM, request.from());
    put(facts, TO, request.to());
    if (request.forceAll() || !request.forced().isEmpty()) {
      String steps = String.join(",", new TreeSet<>(request.forced()));
      facts.put(FORCED, request.forceAll() ? ALL : steps);
    }
    PartitionChoice choice = request.partitions();
    put(facts, FROM_DAY, text(choice.from()));
    put(facts, TO_DAY, text(choice.to()));
    put(facts, NEWEST, choice.newest() == 0 ? null : Integer.toString(choice.newest()));
    boolean byPartition = choice.steps() == PartitionChoice.Steps.BY_PARTITION;
    put(facts, BY_PARTITION, byPartition ? "true" : null);
    return facts;
  }

  private static @Nullable String text(@Nullable PartitionTime time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable PartitionTime time(@Nullable String text) {
    return text == null ? null : PartitionTime.find(text).orElseThrow();
  }

  private static void put(Map<String, String> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.put(name, value);
    }
  }

  /**
   * The rest of what was asked.
   *
   * @param steps all steps of the pipeline
   * @param made those that the run has made already: they need not be forced again
   */
  static RunRequest rest(Map<String, String> facts, Set<String> steps, Set<String> made) {
    String forced = facts.getOrDefault(FORCED, "");
    Set<String> asked =
        forced.equals(ALL)
            ? steps
            : Arrays.stream(forced.split(",", -1))
                .filter(steps::contains)
                .collect(Collectors.toSet());
    Set<String> left =
        asked.stream().filter(step -> !made.contains(step)).collect(Collectors.toSet());
    PartitionChoice choice =
        new PartitionChoice(
            time(facts.get(FROM_DAY)),
            time(facts.get(TO_DAY)),
            Integer.parseInt(facts.getOrDefault(NEWEST, "0")),
            facts.containsKey(BY_PARTITION)
                ? PartitionChoice.Steps.BY_PARTITION
                : PartitionChoice.Steps.ALL);
    return new RunRequest(facts.get(ONLY), facts.get(FROM), facts.get(TO), left, false, choice);
  }
}
