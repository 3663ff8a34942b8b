package io.mlpipeline.delta;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waiver;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as rows of {@link EventColumns#SCHEMA} and back. Times are kept to the microsecond, as
 * Delta's timestamps are.
 */
final class EventRows {

  private EventRows() {}

  /** The partition of all events of a run: the date in its id, else the date of its start. */
  static LocalDate date(LineageEvent event) {
    LocalDate fromId = findDate(event.runId());
    return fromId != null ? fromId : event.started().atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** The date in a run's id; null if there is none. */
  static @Nullable LocalDate findDate(String runId) {
    if (runId.length() < 9 || runId.charAt(0) != 'r') {
      return null;
    }
    try {
      return LocalDate.parse(runId.substring(1, 9), DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** The values of the columns, in their order. */
  static @Nullable Object[] row(LineageEvent e) {
    return new @Nullable Object[] {
      (int) date(e).toEpochDay(),
      e.id(),
      Values.word(e.kind()),
      e.runId(),
      e.pipeline(),
      e.environment(),
      e.step(),
      e.attempt(),
      e.status(),
      e.reason(),
      e.fingerprint(),
      Values.structs(e.ingredients(), EventRows::struct),
      Values.structs(e.inputs(), EventRows::struct),
      Values.structs(e.outputs(), EventRows::struct),
      e.metrics(),
      Values.structs(e.gates(), EventRows::struct),
      e.failure() == null ? null : struct(e.failure()),
      e.facts(),
      micros(e.started()),
      micros(e.ended()),
      (micros(e.ended()) - micros(e.started())) / 1e6,
      codeDigest(e),
      params(e)
    };
  }

  /**
   * The event of a row of {@link EventColumns#EVENT}; throws {@link RuntimeException} if somebody
   * else wrote nonsense.
   */
  static LineageEvent event(Values row) {
    return new LineageEvent(
        row.text(),
        row.constant(LineageEvent.Kind.class),
        row.text(),
        row.text(),
        row.text(),
        row.findText(),
        row.integer(),
        row.text(),
        row.findText(),
        row.findText(),
        row.list(EventRows::ingredient),
        row.list(EventRows::input),
        row.list(EventRows::output),
        row.decimalMap(),
        row.list(EventRows::gate),
        row.findStruct(EventRows::failure),
        row.textMap(),
        instant(row.number()),
        instant(row.number()));
  }

  /** The same of a row of {@link EventColumns#DERIVATION}. */
  static Derivation derivation(Values row) {
    return new Derivation(
        row.text(),
        row.constant(LineageEvent.Kind.class),
        row.text(),
        row.text(),
        row.findText(),
        row.text(),
        row.list(EventRows::input),
        row.list(EventRows::output),
        instant(row.number()));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static @Nullable String codeDigest(LineageEvent event) {
    return event.ingredients().stream()
        .filter(i -> i.kind() == Ingredient.Kind.CODE)
        .map(Ingredient::value)
        .findFirst()
        .orElse(null);
  }

  private static Map<String, String> params(LineageEvent event) {
    Map<String, String> params = new TreeMap<>();
    event.ingredients().stream()
        .filter(i -> i.kind() == Ingredient.Kind.PARAM)
        .forEach(i -> params.put(i.name(), i.value()));
    return params;
  }

  private static @Nullable Object[] struct(Ingredient i) {
    return new @Nullable Object[] {Values.word(i.kind()), i.name(), i.value()};
  }

  private static Ingredient ingredient(Values in) {
    return new Ingredient(in.constant(Ingredient.Kind.class), in.text(), in.text());
  }

  private static @Nullable Object[] struct(LineageInput i) {
    return new @Nullable Object[] {
      i.port(), i.name(), i.uri(), i.version(), i.identity(), i.rows(), i.bytes()
    };
  }

  private static LineageInput input(Values in) {
    return new LineageInput(
        in.text(), in.text(), in.text(), in.number(), in.text(), in.number(), in.number());
  }

  private static @Nullable Object[] struct(OutputVersion o) {
    return new @Nullable Object[] {
      Values.word(o.kind()),
      o.port(),
      o.name(),
      o.uri(),
      o.version(),
      o.digest(),
      o.schemaDigest(),
      o.rows(),
      o.bytes()
    };
  }

  private static OutputVersion output(Values in) {
    return new OutputVersion(
        in.constant(OutputKind.class),
        in.text(),
        in.text(),
        in.text(),
        in.number(),
        in.text(),
        in.findText(),
        in.number(),
        in.number(),
        null);
  }

  private static @Nullable Object[] struct(GateReport gate) {
    return new @Nullable Object[] {
      gate.dataset(),
      Values.word(gate.verdict()),
      Values.structs(gate.outcomes(), EventRows::struct),
      gate.quarantine() == null ? null : struct(gate.quarantine())
    };
  }

  private static GateReport gate(Values in) {
    return new GateReport(
        in.text(),
        in.constant(Verdict.class),
        in.list(EventRows::outcome),
        in.findStruct(EventRows::quarantine));
  }

  private static @Nullable Object[] struct(QuarantineReport quarantine) {
    SortedMap<String, Double> counts = new TreeMap<>();
    quarantine.byRule().forEach((rule, rows) -> counts.put(rule, (double) rows));
    OutputVersion table = quarantine.table();
    return new @Nullable Object[] {quarantine.rows(), counts, table == null ? null : struct(table)};
  }

  private static QuarantineReport quarantine(Values in) {
    long rows = in.number();
    SortedMap<String, Long> counts = new TreeMap<>();
    in.decimalMap().forEach((rule, broken) -> counts.put(rule, broken.longValue()));
    return new QuarantineReport(rows, counts, in.findStruct(EventRows::output));
  }

  private static @Nullable Object[] struct(Waiver waiver) {
    return new @Nullable Object[] {
      waiver.pipeline(),
      waiver.dataset(),
      waiver.rule(),
      waiver.text(),
      waiver.run(),
      waiver.reason(),
      waiver.by(),
      waiver.at().toString(),
      waiver.until().toString()
    };
  }

  private static Waiver waiver(Values in) {
    return new Waiver(
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        Instant.parse(in.text()),
        LocalDate.parse(in.text()));
  }

  private static @Nullable Object[] struct(RuleOutcome outcome) {
    GateRule rule = outcome.rule();
    return new @Nullable Object[] {
      rule.id(),
      Values.word(rule.severity()),
      rule.text(),
      rule.at().file(),
      rule.at().line(),
      outcome.passed(),
      outcome.message(),
      outcome.observed(),
      outcome.waiver() == null ? null : struct(outcome.waiver())
    };
  }

  private static RuleOutcome outcome(Values in) {
    String id = in.text();
    Severity severity = in.constant(Severity.class);
    String text = in.text();
    SourceLocation at = new SourceLocation(in.text(), in.integer());
    GateRule rule = new GateRule(id, severity, text, at);
    return new RuleOutcome(
        rule, in.flag(), in.findText(), in.decimalMap(), in.findStruct(EventRows::waiver));
  }

  private static @Nullable Object[] struct(FailureRecord f) {
    return new @Nullable Object[] {
      f.runId(),
      f.pipeline(),
      f.step(),
      f.status(),
      f.type().code(),
      f.message(),
      f.attempt(),
      f.retryable(),
      f.diagnostics()
    };
  }

  private static FailureRecord failure(Values in) {
    return new FailureRecord(
        in.text(),
        in.text(),
        in.findText(),
        in.text(),
        in.constant(ErrorType.class),
        in.text(),
        in.integer(),
        in.flag(),
        in.textMap());
  }
}
