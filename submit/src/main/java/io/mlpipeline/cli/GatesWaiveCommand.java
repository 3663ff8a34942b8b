package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.WaiverJson;
import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Waiver;
import io.mlpipeline.model.Waivers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a human say that a rule's failure does not count for some days. */
@Command(
    name = "waive",
    description = {
      "Lets the failure of one rule not count until a day has passed (UTC).",
      "Nothing is published by this: the next run judges the kept files again."
    },
    footer = {
      "",
      "Example: mlpipeline gates waive r20240601-020000-1f3a9c enough-rows \\",
      "           --reason 'holiday, confirmed by the shop' --until 2024-06-07"
    })
final class GatesWaiveCommand implements Callable<Integer> {

  private final Shell shell;
  private final InstantSource clock = InstantSource.system();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run that was rejected.")
  @SuppressWarnings("NullAway.Init")
  private String run;

  @Parameters(
      index = "1",
      paramLabel = "RULE",
      description = "The rule's id, the beginning of it, or its text.")
  @SuppressWarnings("NullAway.Init")
  private String rule;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stays in lineage under your name.")
  private String reason = "";

  @Option(
      names = "--until",
      required = true,
      paramLabel = "YYYY-MM-DD",
      description = "The last day on which it counts, in UTC; at most 90 days ahead.")
  private String until = "";

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "Whose rule, where several datasets have it.")
  private String dataset = "";

  @Mixin private CommonOptions common = new CommonOptions();

  GatesWaiveCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Instant now = clock.instant();
    LocalDate last = lastDay(now);
    if (reason.isBlank()) {
      throw EngineException.misused(
          "a waiver needs a reason", "--reason \"what you know and who confirmed it\"");
    }
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    List<LineageEvent> events = warehouse.ledger().run(run);
    if (events.isEmpty()) {
      throw EngineException.misused(
          "there is no run " + run + " in " + common.warehouse, "mlpipeline runs list names them");
    }
    String name = dataset.substring(dataset.indexOf('/') + 1);
    FailedRule failed = FailedRule.find(events, run, rule, name);
    Waiver waiver = waiver(failed, last, now);
    warehouse.gates().add(waiver);
    warehouse.ledger().record(receipt(failed, waiver));
    print(warehouse, events, failed, waiver);
    return ExitCode.DONE;
  }

  private LocalDate lastDay(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate latest = today.plusDays(Waivers.MOST_DAYS);
    LocalDate last;
    try {
      last = LocalDate.parse(until);
    } catch (DateTimeParseException e) {
      throw EngineException.misused(
          "--until cannot be '" + until + "'", "a day such as " + today.plusDays(7));
    }
    if (last.isBefore(today)) {
      throw EngineException.misused(
          "--until " + last + " is over: today is " + today + " in UTC",
          "a day from " + today + " to " + latest);
    }
    if (last.isAfter(latest)) {
      throw EngineException.misused(
          "--until " + last + " is more than " + Waivers.MOST_DAYS + " days ahead",
          "a day up to " + latest + "; what is right for longer belongs into the gate");
    }
    return last;
  }

  private Waiver waiver(FailedRule failed, LocalDate last, Instant now) {
    return new Waiver(
        failed.event().pipeline(),
        failed.dataset(),
        failed.outcome().rule().id(),
        failed.outcome().rule().text(),
        run,
        reason.strip(),
        Planning.user(),
        now,
        last);
  }

  /** What lineage says of the waiver, as part of the run that it is about. */
  private static Receipt receipt(FailedRule failed, Waiver waiver) {
    LineageEvent judged = failed.event();
    String hash = new Canonical().text(waiver.toString()).hex();
    // A number of its own: the run's receipts count from 0, and other waivers have other hashes.
    int ordinal = 1_000_000 + Integer.parseInt(hash.substring(0, 7), 16);
    GateReport report = GateReport.of(failed.dataset(), List.of(failed.outcome().waivedBy(waiver)));
    LineageEvent event =
        new LineageEvent(
            waiver.run() + "/waiver-" + hash.substring(0, 12),
            LineageEvent.Kind.GATE,
            waiver.run(),
            waiver.pipeline(),
            judged.environment(),
            judged.step(),
            judged.attempt(),
            ReceiptView.WAIVED,
            waiver.reason(),
            judged.fingerprint(),
            List.of(),
            List.of(),
            List.of(),
            new TreeMap<>(),
            List.of(report),
            null,
            new TreeMap<>(
                Map.of(
                    "user", waiver.by(),
                    "host", Planning.host(),
                    "rule", waiver.rule(),
                    "until", waiver.until().toString())),
            waiver.at(),
            waiver.at());
    return new Receipt(waiver.run(), ordinal, List.of(event));
  }

  private void print(
      Warehouse warehouse, List<LineageEvent> events, FailedRule failed, Waiver waiver) {
    String next = next(events, waiver);
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .object("waiver", waiver, WaiverJson::body)
                      .flag("evaluated", !failed.isUnevaluated())
                      .texts(
                          "still_failing",
                          failed.others().stream().map(o -> o.outcome().rule().id()).toList())
                      .text("next", next));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return;
    }
    String what = waiver.pipeline() + "/" + waiver.dataset() + ": " + waiver.text();
    shell.out().println("waived   " + Messages.clean(what));
    shell
        .out()
        .println("by       " + waiver.by() + " until " + waiver.until() + " (UTC), included");
    if (failed.isUnevaluated()) {
      shell
          .err()
          .println(
              "note     the rule could not be evaluated: these rows pass without anybody having"
                  + " judged them by it");
    }
    for (FailedRule other : failed.others()) {
      String text = other.outcome().rule().id() + " " + other.outcome().message();
      shell.err().println("note     " + other.dataset() + " still fails " + Messages.clean(text));
    }
    shell.out().println("next     " + next + effect(warehouse, failed.event()));
  }

  private static String next(List<LineageEvent> events, Waiver waiver) {
    String file = waiver.pipeline();
    String environment = "";
    for (LineageEvent event : events) {
      file = event.facts().getOrDefault("pipeline-file", file);
      environment = event.environment();
    }
    boolean isUsual = environment.isEmpty() || environment.equals("local");
    return "mlpipeline run " + file + (isUsual ? "" : " --env " + environment);
  }

  /** A gate on an input rejects before there is anything to keep. */
  private static String effect(Warehouse warehouse, LineageEvent judged) {
    String step = String.valueOf(judged.step());
    Optional<ReuseEntry> entry = find(warehouse, judged, step, judged.fingerprint());
    boolean kept = entry.isPresent() && !entry.get().rejected().isEmpty();
    return kept
        ? "   (judges the kept files of " + step + " again and publishes them)"
        : String.format(Locale.ROOT, "   (judges again; step %s kept no files)", step);
  }

  private static Optional<ReuseEntry> find(
      Warehouse warehouse, LineageEvent judged, String step, @Nullable String fingerprint) {
    return fingerprint == null
        ? Optional.empty()
        : warehouse.reuse().find(judged.pipeline(), step, fingerprint);
  }
}
