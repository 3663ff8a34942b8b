package io.mlpipeline.reproduce;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.TableLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out which attempt made what an event names, and what its batches were merged into.
 *
 * @param run the run that made it: of a reused output an earlier one
 * @param bases by table the version that was merged into; nothing where there was none
 * @param gone what of that is gone, in words
 */
record RecordedAttempt(String run, Map<String, Long> bases, List<String> gone) {

  private static final Pattern ATTEMPT = Pattern.compile("(r[0-9]{8}-[0-9]{6}-[0-9a-f]{6})-.+");

  /** So far back the commit of an attempt is looked for below a version that restored it. */
  private static final int WALK = 1000;

  static RecordedAttempt of(Warehouse warehouse, StepSpec step, LineageEvent event) {
    String attempt = attempt(warehouse, event);
    Map<String, Long> bases = new HashMap<>();
    List<String> gone = new ArrayList<>();
    for (OutputSpec output : step.outputs()) {
      OutputVersion made = output.merges() ? output(event, output.name()).orElse(null) : null;
      if (made != null && made.kind() == OutputKind.TABLE) {
        long base = base(warehouse.tables(), made, attempt);
        if (base >= 0) {
          bases.put(made.uri(), base);
          check(warehouse, made.uri(), base, gone);
        }
      }
    }
    Matcher matcher = ATTEMPT.matcher(attempt);
    return new RecordedAttempt(matcher.matches() ? matcher.group(1) : event.runId(), bases, gone);
  }

  /** An event of an attempt says it; of a reused output the entry does, or the commit itself. */
  private static String attempt(Warehouse warehouse, LineageEvent event) {
    String step = Objects.requireNonNull(event.step());
    if (event.kind() == LineageEvent.Kind.ATTEMPT && event.attempt() > 0) {
      return event.runId() + "-" + step + "-" + event.attempt();
    }
    Optional<String> entry =
        warehouse
            .reuse()
            .find(event.pipeline(), step, Objects.requireNonNull(event.fingerprint()))
            .filter(found -> found.verdict() != Verdict.REJECT)
            .map(ReuseEntry::attempt);
    return entry
        .or(
            () ->
                event.outputs().stream()
                    .filter(output -> output.kind() == OutputKind.TABLE)
                    .flatMap(
                        output ->
                            warehouse.tables().findAttempt(output.uri(), output.version()).stream())
                    .findFirst())
        .orElse(event.runId());
  }

  /**
   * A commit goes onto the version that the attempt began with. Without one the batch changed
   * nothing, so that merging it into what came out changes nothing again.
   */
  private static long base(TableLog tables, OutputVersion made, String attempt) {
    for (long v = made.version(); v >= 0 && made.version() - v < WALK; v--) {
      if (tables.findAttempt(made.uri(), v).filter(attempt::equals).isPresent()) {
        return v - 1;
      }
    }
    return made.version();
  }

  private static void check(Warehouse warehouse, String uri, long base, List<String> gone) {
    if (warehouse.tables().findReadable(uri, base).isEmpty()) {
      gone.add(
          "version "
              + base
              + " of table "
              + uri
              + ", which its batch was merged into, cannot be read any more"
              + warehouse.removal(uri, base).map(who -> ": its files were " + who).orElse(""));
    }
  }

  /** What a step left, as far as its event says. */
  static ReuseEntry entry(LineageEvent event) {
    return new ReuseEntry(
        event.pipeline(),
        Objects.requireNonNull(event.step()),
        new Fingerprint(Objects.requireNonNull(event.fingerprint()), event.ingredients()),
        "",
        Verdict.PASS,
        event.runId(),
        event.runId() + "-" + event.step() + "-" + event.attempt(),
        event.ended(),
        event.outputs(),
        event.metrics(),
        List.of(),
        List.of(),
        event.gates());
  }

  private static Optional<OutputVersion> output(LineageEvent event, String name) {
    return event.outputs().stream().filter(output -> output.name().equals(name)).findFirst();
  }
}
