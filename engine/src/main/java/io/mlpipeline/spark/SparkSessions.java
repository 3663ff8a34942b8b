package io.mlpipeline.spark;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.promote.SparkPromotionRules;
import io.mlpipeline.spark.table.LeftOut;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Opens one SparkSession for each attempt, on one Spark application.
 *
 * <p>Safe for many threads. The application is stopped by {@link #close} only if {@link #start}
 * made it; a session that was given stays as it is, its settings included.
 */
public final class SparkSessions implements Sessions {

  private final SparkSession root;
  private final Ownership ownership;
  private final String warehouseUri;
  private final TableLog tables;
  private final ModelStore models;
  private final GateStore gates;
  private volatile Records records;

  private enum Ownership {
    OURS,
    GIVEN
  }

  private SparkSessions(
      SparkSession root,
      Ownership ownership,
      String warehouseUri,
      TableLog tables,
      ModelStore models,
      GateStore gates,
      Ledger ledger) {
    this.root = root;
    this.ownership = ownership;
    this.warehouseUri = warehouseUri;
    this.tables = tables;
    this.models = models;
    this.gates = gates;
    this.records = new Records(ledger, null);
  }

  /**
   * Starts Spark: where {@code spark.master} says, as spark-submit sets it, else in this JVM. If an
   * application runs in this JVM already, that one is used and not stopped.
   */
  public static SparkSessions start(
      SparkOptions options,
      String warehouseUri,
      TableLog tables,
      ModelStore models,
      GateStore gates,
      Ledger ledger) {
    boolean running = !org.apache.spark.SparkContext$.MODULE$.getActive().isEmpty();
    SparkSession session =
        SparkSession.builder()
            .config(SessionSettings.conf(options, Runtime.getRuntime().availableProcessors()))
            .getOrCreate();
    Ownership ownership = running ? Ownership.GIVEN : Ownership.OURS;
    return new SparkSessions(session, ownership, warehouseUri, tables, models, gates, ledger);
  }

  /** Uses a session of somebody else, and never stops it. */
  public static SparkSessions within(
      SparkSession given,
      String warehouseUri,
      TableLog tables,
      ModelStore models,
      GateStore gates,
      Ledger ledger) {
    return new SparkSessions(given, Ownership.GIVEN, warehouseUri, tables, models, gates, ledger);
  }

  /** From now on gates may compare with what registered models learned from. */
  public SparkSessions knowing(ModelRegistry registry) {
    records = new Records(records.ledger(), registry);
    return this;
  }

  /** Lets tasks see the classes of these jars, wherever they run. */
  public void addJars(List<String> jars) {
    jars.forEach(root.sparkContext()::addJar);
  }

  @Override
  public AttemptSession open(AttemptCall call) {
    return open(call, new Places(warehouseUri, warehouseUri));
  }

  private AttemptSession open(AttemptCall call, Places places) {
    SparkSession session = newSession();
    SessionSettings.change(session, call.step().runtime().changes());
    return new SparkAttempt(session, call, places, tables, models, gates, records);
  }

  /**
   * The same sessions, whose attempts read from the warehouse and write elsewhere: what they stage
   * is in nobody's way. Closing them closes nothing.
   *
   * @param scratchUri where everything is written
   */
  public Sessions writingTo(String scratchUri) {
    return at(new Places(warehouseUri, scratchUri));
  }

  /**
   * The same sessions, whose attempts read other rows than those that are published. Closing them
   * closes nothing.
   */
  public Sessions reading(StandIns standIns) {
    return at(new Places(warehouseUri, warehouseUri, standIns));
  }

  private Sessions at(Places places) {
    return new Sessions() {
      @Override
      public AttemptSession open(AttemptCall call) {
        return SparkSessions.this.open(call, places);
      }

      @Override
      public PromotionRules promotionRules() {
        return SparkSessions.this.promotionRules();
      }

      @Override
      public String applicationId() {
        return SparkSessions.this.applicationId();
      }

      @Override
      public void close() {
        // the application is that of the sessions which write to the warehouse
      }
    };
  }

  /**
   * What a gate may look at that is tried on a published version.
   *
   * @param spark the session that reads
   * @param names other datasets of the pipeline that its rules read
   */
  public TrialGates trial(SparkSession spark, TrialGates.Version version, Set<String> names) {
    List<Derivation> events = records.ledger().derivations();
    AttemptCall call = TrialGates.call(events, tables, version, names);
    AttemptContext context =
        new AttemptContext(spark, call, warehouseUri, tables, models, new LeftOut());
    Baselines baselines =
        new Baselines(spark, call, context, tables, records, version.number() - 1);
    String content = tables.findContent(version.uri(), version.number()).orElse("");
    Set<String> published = TrialGates.published(events, version.pipeline());
    return new TrialGates(version, call, context, baselines, gates, content, published);
  }

  /** A session under the settings of every attempt, for reading outside of one. */
  public SparkSession newSession() {
    SparkSession session = root.newSession();
    SessionSettings.apply(session);
    return session;
  }

  @Override
  public PromotionRules promotionRules() {
    return new SparkPromotionRules(newSession());
  }

  @Override
  public String applicationId() {
    return root.sparkContext().applicationId();
  }

  @Override
  public void close() {
    if (ownership == Ownership.OURS) {
      root.stop();
    }
  }
}
