package io.mlpipeline.delta;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the table of the registry's events, partitioned by model. They are for SQL: an event
 * is never made of one again, so a row stays a list of values.
 */
final class RegistryForm implements EventForm<List<@Nullable Object>> {

  private static final DataType TEXT = StringType.STRING;
  private static final DataType NUMBER = LongType.LONG;
  private static final String MODEL = "model";
  private static final String EVENT_NUMBER = "number";

  private static final StructType MEASURED =
      new StructType()
          .add("subject", TEXT)
          .add("slice", TEXT)
          .add("metric", TEXT)
          .add("value", DoubleType.DOUBLE)
          .add("rows", NUMBER)
          .add("small", BooleanType.BOOLEAN);

  private static final StructType DECIDED =
      new StructType()
          .add("rule", TEXT)
          .add("passed", BooleanType.BOOLEAN)
          .add("message", TEXT)
          .add("observed", new MapType(TEXT, DoubleType.DOUBLE, true));

  private static final StructType TABLE =
      new StructType().add("name", TEXT).add("version", NUMBER).add("digest", TEXT);

  private static final StructType RESTORED =
      new StructType()
          .add(EVENT_NUMBER, NUMBER)
          .add("tables", new ArrayType(TABLE, true))
          .add("config", TEXT);

  private static final StructType SCHEMA =
      new StructType()
          .add(MODEL, TEXT)
          .add(EVENT_NUMBER, NUMBER)
          .add("kind", TEXT)
          .add("version", TEXT)
          .add("digest", TEXT)
          .add("from_stage", TEXT)
          .add("to_stage", TEXT)
          .add("by", TEXT)
          .add("at", TimestampType.TIMESTAMP)
          .add("reason", TEXT)
          .add("run_id", TEXT)
          .add("card", TEXT)
          .add("champion", TEXT)
          .add("holdout", TEXT)
          .add("measured", new ArrayType(MEASURED, true))
          .add("evidence_at", NUMBER)
          .add("decided", new ArrayType(DECIDED, true))
          .add("restored", RESTORED)
          .add("previous", TEXT)
          .add("seal", TEXT);

  /** The row of an event. */
  static List<@Nullable Object> rowOf(Sealed<RegistryEvent> sealed) {
    RegistryEvent e = sealed.value();
    Evidence evidence = e.evidence();
    RestoredSet restored = e.restored();
    @Nullable Object[] row = {
      e.model(),
      e.number(),
      Values.word(e.kind()),
      e.version().toString(),
      e.digest(),
      word(e.from()),
      word(e.to()),
      e.by(),
      ChronoUnit.MICROS.between(Instant.EPOCH, e.at()),
      e.reason(),
      e.run(),
      e.card(),
      evidence == null ? null : evidence.champion(),
      evidence == null ? null : evidence.holdout(),
      evidence == null ? null : Values.structs(evidence.measured(), RegistryForm::struct),
      e.evidenceAt() == 0 ? null : e.evidenceAt(),
      Values.structs(e.decided(), RegistryForm::struct),
      restored == null ? null : struct(restored),
      e.previous(),
      sealed.seal()
    };
    return Arrays.asList(row);
  }

  private static @Nullable String word(@Nullable PromotionStage stage) {
    return stage == null ? null : stage.word();
  }

  private static @Nullable Object[] struct(Evidence.Measured one) {
    return new @Nullable Object[] {
      Values.word(one.subject()), one.slice(), one.metric(), one.value(), one.rows(), one.small()
    };
  }

  private static @Nullable Object[] struct(Decided one) {
    return new @Nullable Object[] {one.rule(), one.passed(), one.message(), one.observed()};
  }

  private static @Nullable Object[] struct(RestoredSet set) {
    return new @Nullable Object[] {
      set.number(),
      Values.structs(set.tables(), t -> new @Nullable Object[] {t.name(), t.version(), t.digest()}),
      set.config()
    };
  }

  private static String text(List<@Nullable Object> row, int column) {
    return (String) Objects.requireNonNull(row.get(column));
  }

  @Override
  public String what() {
    return "table of the registry's events";
  }

  @Override
  public String engineInfo() {
    return "mlpipeline registry";
  }

  @Override
  public StructType schema() {
    return SCHEMA;
  }

  @Override
  public StructType read() {
    return SCHEMA;
  }

  @Override
  public String partition() {
    return MODEL;
  }

  @Override
  public String bounded() {
    return EVENT_NUMBER;
  }

  @Override
  public String partitionOf(List<@Nullable Object> row) {
    return text(row, SCHEMA.indexOf(MODEL));
  }

  @Override
  public Literal literal(String partition) {
    return Literal.ofString(partition);
  }

  @Override
  public Comparator<List<@Nullable Object>> order() {
    int number = SCHEMA.indexOf(EVENT_NUMBER);
    return Comparator.comparing(row -> (Long) Objects.requireNonNull(row.get(number)));
  }

  @Override
  public @Nullable Object[] row(List<@Nullable Object> row) {
    return row.toArray();
  }

  @Override
  public List<@Nullable Object> event(Values row) {
    return row.all();
  }
}
