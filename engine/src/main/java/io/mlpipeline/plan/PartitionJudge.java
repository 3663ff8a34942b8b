package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PartitionWork.Judging;
import io.mlpipeline.model.ReuseEntry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a step whose output is made by partition: which of them differ from what the
 * published version's were made under, and so must be made.
 */
final class PartitionJudge {

  private static final String LEFT_OUT = " due and left out";

  private final Knowledge known;
  private final Judge judge;
  private final StepPartitions parts;
  private final PartitionChoice choice;

  PartitionJudge(Knowledge known, Judge judge, StepPartitions parts, PartitionChoice choice) {
    this.known = known;
    this.judge = judge;
    this.parts = parts;
    this.choice = choice;
  }

  /**
   * What is published, and what of it is not as it must be.
   *
   * @param entry the attempt that published it; null if there is none that can be read
   * @param set what it holds by partition; null if that is not known
   * @param due partitions that are stale or not there
   * @param gone partitions that nothing is there for any more
   */
  private record State(
      @Nullable ReuseEntry entry,
      @Nullable PartitionSet set,
      SortedSet<String> due,
      SortedSet<String> gone) {

    boolean isDone() {
      return entry != null && set != null && due.isEmpty() && gone.isEmpty();
    }

    @Nullable OutputVersion version() {
      return entry == null ? null : entry.outputs().get(0);
    }
  }

  StepDecision decide(boolean forced) {
    String problem = parts.problem();
    if (problem != null) {
      return judge.decision(
          Decision.BLOCKED, new Reason(ReasonKind.INPUT_MISSING, problem, List.of()));
    }
    String name = judge.step().name();
    ReuseEntry last = known.last(name);
    State state = state(last);
    if (!forced && state.isDone()) {
      return judge.judgeSuccess(entry(state));
    }
    ReuseEntry same = forced ? null : known.entry(name, judge.fingerprint().sha256());
    if (same != null && Knowledge.success(same) && !isOf(last, same)) {
      State earlier = state(same);
      if (earlier.isDone()) {
        return judge.judgeSuccess(same);
      }
      state = isNearer(earlier, state) ? earlier : state;
    }
    StepDecision work = work(state, last, forced);
    if (same != null && !Knowledge.success(same) && state.entry() != null) {
      return told(work, "; rejected by run " + same.run());
    }
    return work;
  }

  private static StepDecision told(StepDecision d, String more) {
    Reason why = new Reason(d.reason().kind(), d.reason().text() + more, d.reason().changes());
    return new StepDecision(
        d.step(),
        d.decision(),
        why,
        d.inputs(),
        d.fingerprint(),
        d.verdictKey(),
        d.entry(),
        d.restore(),
        d.stale(),
        d.partitions());
  }

  /** Whether less is to be made on top of it, such as after a run that was killed. */
  private static boolean isNearer(State one, State other) {
    boolean isThere = one.entry() != null && one.set() != null;
    return isThere
        && (other.set() == null
            || one.due().size() + one.gone().size() < other.due().size() + other.gone().size());
  }

  private static boolean isOf(@Nullable ReuseEntry last, ReuseEntry entry) {
    return last != null && last.attempt().equals(entry.attempt());
  }

  private static ReuseEntry entry(State state) {
    return Objects.requireNonNull(state.entry());
  }

  private State state(@Nullable ReuseEntry entry) {
    SortedSet<String> all = new TreeSet<>(parts.keys().keySet());
    if (entry == null
        || !Knowledge.success(entry)
        || entry.outputs().size() != 1
        || known.state(entry.outputs().get(0)) == OutputState.GONE) {
      return new State(null, null, all, new TreeSet<>());
    }
    PartitionSet set = set(entry.outputs().get(0));
    if (set == null) {
      return new State(entry, null, all, new TreeSet<>());
    }
    SortedSet<String> due = new TreeSet<>();
    parts.keys().forEach((name, key) -> addIf(!key.equals(keyOf(set, name)), name, due));
    SortedSet<String> gone = new TreeSet<>(set.partitions().keySet());
    gone.removeAll(all);
    return new State(entry, set, due, gone);
  }

  private static void addIf(boolean holds, String name, SortedSet<String> names) {
    if (holds) {
      names.add(name);
    }
  }

  private static String keyOf(PartitionSet set, String name) {
    PartitionSet.Part part = set.partitions().get(name);
    return part == null ? "" : part.key();
  }

  /** Null where the content by partition is not known, or does not add up to the table's. */
  private @Nullable PartitionSet set(OutputVersion output) {
    if (output.partitions() == null) {
      return null;
    }
    Optional<PartitionSet> found =
        known.partitions(new Need.Partitions(output.uri(), output.version(), output.partitions()));
    return found.filter(set -> set.equals(PartitionSet.EMPTY) || isOf(set, output)).orElse(null);
  }

  private static boolean isOf(PartitionSet set, OutputVersion output) {
    return set.addsUp() && set.digest().toString().equals(output.digest());
  }

  private StepDecision work(State state, @Nullable ReuseEntry last, boolean forced) {
    SortedSet<String> due =
        forced ? new TreeSet<>(parts.keys().keySet()) : new TreeSet<>(state.due());
    SortedSet<String> asked = choice.of(due);
    SortedSet<String> removed = new TreeSet<>(state.gone());
    removed.removeIf(name -> !choice.isWithin(name));
    boolean isAll = asked.size() == parts.keys().size();
    if (asked.isEmpty() && removed.isEmpty() && !isAll) {
      return nothingChosen(state, due.size());
    }
    boolean isUnknown = state.entry() != null && state.set() == null;
    if (isUnknown && !isAll) {
      String text =
          "what "
              + name(state)
              + " holds by partition is not on record: run all partitions once, without a limit";
      return judge.decision(
          Decision.BLOCKED, new Reason(ReasonKind.INPUT_MISSING, text, List.of()));
    }
    Reason why = new PartitionReason(judge, parts).of(state.entry(), state.set(), asked, removed);
    if (forced) {
      why = new Reason(ReasonKind.FORCED, "forced: " + count(asked.size()), List.of());
    } else if (state.entry() == null) {
      why = first(last, asked);
    }
    return execute(state, asked, removed, rest(why, due.size() - asked.size()));
  }

  private StepDecision execute(
      State state, SortedSet<String> asked, SortedSet<String> removed, Reason why) {
    ReuseEntry entry = state.entry();
    PartitionSet set = state.set();
    boolean isJudgedBefore = entry == null || entry.verdictKey().equals(judge.verdictKey());
    boolean isOfTable = judge.step().outputs().get(0).gate().scope() == GateSpec.Scope.TABLE;
    Reason told =
        isJudgedBefore || entry == null
            ? why
            : new Reason(
                why.kind(),
                why.text() + "; " + judge.gatesSince(entry).text() + ", so all are judged",
                why.changes());
    SortedMap<String, String> keys = new TreeMap<>(parts.keys());
    keys.keySet().retainAll(asked);
    PartitionWork work =
        new PartitionWork(
            asked,
            removed,
            parts.keys().size(),
            keys,
            parts.reads(asked),
            set == null ? null : state.version(),
            set == null ? PartitionSet.EMPTY : set,
            isJudgedBefore && !isOfTable && !asked.isEmpty() ? Judging.ASKED : Judging.WHOLE);
    return new StepDecision(
        judge.step(),
        Decision.EXECUTE,
        told,
        judge.inputs(),
        judge.fingerprint(),
        judge.verdictKey(),
        null,
        List.of(),
        null,
        work);
  }

  private Reason first(@Nullable ReuseEntry last, SortedSet<String> asked) {
    if (last != null && Knowledge.success(last)) {
      String text = name(last) + " of run " + last.run() + " cannot be read any more: ";
      return new Reason(ReasonKind.OUTPUT_GONE, text + count(asked.size()), List.of());
    }
    return last == null
        ? new Reason(ReasonKind.FIRST_RUN, "first run: " + count(asked.size()), List.of())
        : new Reason(
            ReasonKind.REJECTED_BEFORE,
            "rejected by run " + last.run() + ", nothing published: " + count(asked.size()),
            List.of());
  }

  private String count(int asked) {
    return PartitionReason.count(asked, parts.keys().size());
  }

  private static Reason rest(Reason why, int left) {
    return left == 0
        ? why
        : new Reason(
            why.kind(),
            why.text() + "; " + left + (left == 1 ? " more is" : " more are") + LEFT_OUT,
            why.changes());
  }

  /** What is published is taken as it is, with a warning; or there is nothing to take. */
  private StepDecision nothingChosen(State state, int due) {
    if (state.entry() == null || state.set() == null) {
      String text = "none of its " + parts.keys().size() + " partitions is among those asked for";
      String span =
          parts.keys().isEmpty()
              ? ""
              : ": they are "
                  + PartitionNames.shown(parts.keys().firstKey())
                  + " to "
                  + PartitionNames.shown(parts.keys().lastKey());
      return judge.decision(
          Decision.BLOCKED, new Reason(ReasonKind.INPUT_MISSING, text + span, List.of()));
    }
    StepDecision taken = judge.judgeSuccess(entry(state));
    int left = due + state.gone().size();
    return left == 0
        ? taken
        : taken.warning(left + (left == 1 ? " partition is" : " partitions are") + LEFT_OUT);
  }

  private static String name(State state) {
    return name(entry(state));
  }

  private static String name(ReuseEntry entry) {
    OutputVersion output = entry.outputs().get(0);
    return output.name() + "@v" + output.version();
  }

  /** The ingredients without what inputs hold that are read by partition. */
  static Fingerprint without(Fingerprint whole, Predicate<String> isPartial) {
    return new Fingerprint(
        whole.sha256(),
        whole.ingredients().stream()
            .filter(one -> one.kind() != Ingredient.Kind.INPUT || !isPartial.test(one.name()))
            .toList());
  }
}
