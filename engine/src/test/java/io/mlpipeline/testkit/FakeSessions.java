package io.mlpipeline.testkit;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Delivered;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.port.Readmission;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Attempts without Spark. A step's rows are a number: its metric {@code rows}. A rule {@code
 * RowCount > N} is understood, every other rule holds.
 */
public final class FakeSessions implements Sessions {

  private final Map<String, CountDownLatch> cancelled = new ConcurrentHashMap<>();
  private volatile long lost;
  private volatile long staying;
  private final List<String> discarded = java.util.Collections.synchronizedList(new ArrayList<>());

  private final List<String> discardedFiles =
      java.util.Collections.synchronizedList(new ArrayList<>());

  /** The paths of all files that were to be deleted. */
  public List<String> discardedFiles() {
    return List.copyOf(discardedFiles);
  }

  private final List<String> delivered = java.util.Collections.synchronizedList(new ArrayList<>());
  private volatile int refusals;

  /** What sinks received: {@code NAME ROWS}, in order. */
  public List<String> delivered() {
    return List.copyOf(delivered);
  }

  /** So many deliveries fail from now on. */
  public void refuseDeliveries(int count) {
    refusals = count;
  }

  /** Lets the next divisions lose so much of what the rows hold. */
  public void lose(long content) {
    lost = content;
  }

  /** So many rows hold no better when they are judged once more. */
  public void keepBack(long rows) {
    staying = rows;
  }

  public List<String> discarded() {
    return List.copyOf(discarded);
  }

  /** Opened when the attempt of this step is cancelled. */
  public CountDownLatch cancelled(String step) {
    return cancelled.computeIfAbsent(step, k -> new CountDownLatch(1));
  }

  @Override
  public AttemptSession open(AttemptCall call) {
    return new FakeAttempt(call);
  }

  @Override
  public PromotionRules promotionRules() {
    return (rules, evidence) ->
        rules.stream().map(rule -> new Decided(rule.text(), true, null, new TreeMap<>())).toList();
  }

  @Override
  public String applicationId() {
    return "fake";
  }

  @Override
  public void close() {}

  private final class FakeAttempt implements AttemptSession {

    private final AttemptCall call;

    FakeAttempt(AttemptCall call) {
      this.call = call;
    }

    @Override
    public StepContext context() {
      return null;
    }

    @Override
    public List<GateReport> auditInputs() {
      return List.of();
    }

    @Override
    public Staged stage(StepOutput output) {
      long rows = output.metrics().getOrDefault("rows", 1.0).longValue();
      List<StagedTable> tables = new ArrayList<>();
      List<StagedModel> models = new ArrayList<>();
      for (OutputSpec spec : call.step().outputs()) {
        if (spec.port().equals("model")) {
          models.add(model(spec));
          continue;
        }
        DataFile file =
            new DataFile(
                call.attempt() + ".parquet",
                java.util.Collections.emptySortedMap(),
                10,
                0,
                rows,
                null);
        String uri = call.pipeline() + "/" + spec.name();
        tables.add(
            new StagedTable(
                spec.port(), spec.name(), uri, call.attempt(), "{}", List.of(), List.of(file)));
      }
      return new Staged(tables, models, output.metrics(), List.of(), output.accounts());
    }

    private StagedModel model(OutputSpec spec) {
      String uri = "_ml/models/" + call.pipeline() + "/" + spec.name() + "/" + call.attempt();
      return new StagedModel(spec.port(), spec.name(), uri, "m1:" + spec.name(), List.of());
    }

    @Override
    public Audited audit(StagedTable table, OutputSpec output) {
      List<RuleOutcome> outcomes = new ArrayList<>();
      for (GateRule rule : output.gate().rules()) {
        long least = Long.parseLong(rule.text().replaceAll("\\D", ""));
        boolean passed =
            rule.severity() == Severity.QUARANTINE
                ? isSifted(table) || least == 0
                : !rule.text().startsWith("RowCount >") || table.rows() > least;
        outcomes.add(
            new RuleOutcome(
                rule,
                passed,
                passed ? null : rule.text() + ": " + table.rows(),
                java.util.Collections.emptySortedMap()));
      }
      ContentDigest digest = new ContentDigest(table.rows(), table.rows(), 0);
      return new Audited(table, digest, "s", GateReport.of(table.name(), outcomes));
    }

    @Override
    public List<SetApart> inputsApart() {
      return List.of();
    }

    /** A rule {@code ColumnValues ... N} is broken by N rows, until they are gone. */
    @Override
    public Sifted sift(StagedTable table, OutputSpec output, List<GateRule> broken) {
      long bad = broken.stream().mapToLong(rule -> number(rule.text())).max().orElse(0);
      StagedTable kept = of(table, table.name(), "kept", table.rows() - bad);
      StagedTable apart = of(table, QuarantineTable.of(table.name()), "apart", bad);
      return new Sifted(kept, apart, new ContentDigest(bad, bad + lost, 0));
    }

    @Override
    public SetApart inspect(StagedTable apart, OutputSpec output) {
      TreeMap<String, Long> byRule = new TreeMap<>();
      output.gate().rules(Severity.QUARANTINE).forEach(r -> byRule.put(r.id(), apart.rows()));
      return new SetApart(apart, "c1:q" + apart.rows(), "q", byRule, "a row");
    }

    @Override
    public Readmission readmit(
        StagedTable current, StagedTable apart, OutputSpec output, String corrected) {
      long good = Math.max(0, apart.rows() - staying);
      StagedTable added = of(current, current.name(), "added", good);
      StagedTable remaining = of(apart, apart.name(), "apart", apart.rows() - good);
      return new Readmission(added, new ContentDigest(good, good, 0), inspect(remaining, output));
    }

    /** So many rows are those with the keys from 1 on: of two counts the larger is the union. */
    @Override
    public Merged merge(StagedTable batch, OutputSpec output, TableLog.Snapshot current) {
      long old = current.files().stream().mapToLong(DataFile::rows).sum();
      StagedTable rewritten = of(batch, batch.name(), "merged", Math.max(0, old - batch.rows()));
      return new Merged(batch.and(rewritten), rewritten);
    }

    @Override
    public Delivered deliver(StagedTable table, OutputSpec output, OutputVersion version) {
      if (refusals > 0) {
        refusals--;
        throw new EngineException(ErrorType.STORAGE_UNAVAILABLE, "the database is away");
      }
      delivered.add(output.name() + " " + version.rows());
      return new Delivered(version.rows(), table.rows());
    }

    private StagedTable of(StagedTable like, String name, String purpose, long rows) {
      DataFile file =
          new DataFile(
              call.attempt() + "-" + purpose + ".parquet",
              java.util.Collections.emptySortedMap(),
              10,
              0,
              rows,
              null);
      return new StagedTable(
          like.port(),
          name,
          call.pipeline() + "/" + name,
          call.attempt(),
          "{}",
          List.of(),
          rows == 0 ? List.of() : List.of(file));
    }

    private static boolean isSifted(StagedTable table) {
      return table.files().stream()
          .allMatch(f -> f.path().matches(".*-(kept|added|merged).parquet"));
    }

    private static long number(String text) {
      return Long.parseLong(text.replaceAll("\\D", ""));
    }

    @Override
    public void discard(StagedTable table) {
      discarded.add(table.name());
      table.files().forEach(file -> discardedFiles.add(file.path()));
    }

    @Override
    public void cancel() {
      cancelled(call.step().name()).countDown();
    }

    @Override
    public void close() {}
  }
}
