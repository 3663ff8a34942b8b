package io.mlpipeline.delta;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.stream.Stream;

/**
 * The columns of the lineage table, one row an event. {@code code_digest}, {@code params} and
 * {@code seconds} say what other columns say too, in the form that a query wants.
 */
final class EventColumns {

  static final String DATE = "date";
  static final String RUN_ID = "run_id";

  private static final DataType TEXT = StringType.STRING;
  private static final DataType NUMBER = LongType.LONG;
  private static final DataType INT = IntegerType.INTEGER;
  private static final DataType TEXT_MAP = new MapType(TEXT, TEXT, true);
  private static final DataType DECIMAL_MAP = new MapType(TEXT, DoubleType.DOUBLE, true);

  private static final StructType INGREDIENT =
      new StructType().add("kind", TEXT).add("name", TEXT).add("value", TEXT);

  private static final StructType INPUT =
      new StructType()
          .add("port", TEXT)
          .add("name", TEXT)
          .add("uri", TEXT)
          .add("version", NUMBER)
          .add("identity", TEXT)
          .add("rows", NUMBER)
          .add("bytes", NUMBER);

  private static final StructType OUTPUT =
      new StructType()
          .add("kind", TEXT)
          .add("port", TEXT)
          .add("name", TEXT)
          .add("uri", TEXT)
          .add("version", NUMBER)
          .add("digest", TEXT)
          .add("schema_digest", TEXT)
          .add("rows", NUMBER)
          .add("bytes", NUMBER);

  private static final StructType WAIVER =
      new StructType()
          .add("pipeline", TEXT)
          .add("dataset", TEXT)
          .add("rule", TEXT)
          .add("text", TEXT)
          .add("run_id", TEXT)
          .add("reason", TEXT)
          .add("by", TEXT)
          .add("at", TEXT)
          .add("until", TEXT);

  private static final StructType QUARANTINE =
      new StructType().add("rows", NUMBER).add("by_rule", DECIMAL_MAP).add("table", OUTPUT);

  private static final StructType OUTCOME =
      new StructType()
          .add("rule", TEXT)
          .add("severity", TEXT)
          .add("text", TEXT)
          .add("file", TEXT)
          .add("line", INT)
          .add("passed", BooleanType.BOOLEAN)
          .add("message", TEXT)
          .add("observed", DECIMAL_MAP)
          .add("waiver", WAIVER);

  private static final StructType GATE =
      new StructType()
          .add("dataset", TEXT)
          .add("verdict", TEXT)
          .add("outcomes", new ArrayType(OUTCOME, true))
          .add("quarantine", QUARANTINE);

  private static final StructType FAILURE =
      new StructType()
          .add("run_id", TEXT)
          .add("pipeline", TEXT)
          .add("step", TEXT)
          .add("status", TEXT)
          .add("error_type", TEXT)
          .add("message", TEXT)
          .add("attempt", INT)
          .add("retryable", BooleanType.BOOLEAN)
          .add("diagnostics", TEXT_MAP);

  static final StructType SCHEMA =
      new StructType()
          .add(DATE, DateType.DATE)
          .add("event_id", TEXT)
          .add("kind", TEXT)
          .add(RUN_ID, TEXT)
          .add("pipeline", TEXT)
          .add("environment", TEXT)
          .add("step", TEXT)
          .add("attempt", INT)
          .add("status", TEXT)
          .add("reason", TEXT)
          .add("fingerprint", TEXT)
          .add("ingredients", new ArrayType(INGREDIENT, true))
          .add("inputs", new ArrayType(INPUT, true))
          .add("outputs", new ArrayType(OUTPUT, true))
          .add("metrics", DECIMAL_MAP)
          .add("gates", new ArrayType(GATE, true))
          .add("failure", FAILURE)
          .add("facts", TEXT_MAP)
          .add("started", TimestampType.TIMESTAMP)
          .add("ended", TimestampType.TIMESTAMP)
          .add("seconds", DoubleType.DOUBLE)
          .add("code_digest", TEXT)
          .add("params", TEXT_MAP);

  /** What an event is made of: neither the partition nor what other columns say too. */
  static final StructType EVENT =
      new StructType(
          SCHEMA.fields().subList(SCHEMA.indexOf("event_id"), SCHEMA.indexOf("seconds")));

  /** What of an event says what was made from what. */
  static final StructType DERIVATION =
      new StructType(
          Stream.of(
                  "event_id",
                  "kind",
                  RUN_ID,
                  "pipeline",
                  "step",
                  "status",
                  "inputs",
                  "outputs",
                  "started")
              .map(SCHEMA::get)
              .toList());

  private EventColumns() {}
}
