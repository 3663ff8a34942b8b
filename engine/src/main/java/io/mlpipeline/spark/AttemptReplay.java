package io.mlpipeline.spark;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Readmission;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.gate.RowRules;
import io.mlpipeline.spark.gate.Small;
import io.mlpipeline.spark.gate.TableDigest;
import io.mlpipeline.spark.table.QuarantineRows;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.spark.table.TableStager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Judges rows of a quarantine once more, beside the dataset that they would join. */
final class AttemptReplay {

  private static final String CANDIDATE = "_candidate";
  private static final String BEFORE = "_rules_before";
  private static final List<String> FORMATS = List.of("csv", "json", "parquet");

  private final SparkSession spark;
  private final AttemptCall call;
  private final String warehouseUri;
  private final AttemptSieve sieve;

  AttemptReplay(SparkSession spark, AttemptCall call, String warehouseUri, AttemptSieve sieve) {
    this.spark = spark;
    this.call = call;
    this.warehouseUri = warehouseUri;
    this.sieve = sieve;
  }

  Readmission readmit(
      StagedTable current,
      StagedTable apart,
      OutputSpec output,
      @Nullable String corrected,
      GateContext context) {
    int columns = ((StructType) DataType.fromJson(current.schemaJson())).size();
    return Small.is(current, columns, apart.rows())
        ? Small.interpreted(spark, () -> judged(current, apart, output, corrected, context, true))
        : judged(current, apart, output, corrected, context, false);
  }

  private Readmission judged(
      StagedTable current,
      StagedTable apart,
      OutputSpec output,
      @Nullable String corrected,
      GateContext context,
      boolean isSmall) {
    StructType schema = (StructType) DataType.fromJson(current.schemaJson());
    Dataset<Row> quarantined = TableReader.read(spark, warehouseUri, apart);
    Dataset<Row> there = TableReader.read(spark, warehouseUri, current);
    Dataset<Row> waiting =
        corrected == null
            ? quarantined
            : withCorrections(quarantined, corrected, there, output, apart.rows());
    // Judged beside what is published: a key may be unique among these rows and not among all.
    Dataset<Row> published =
        QuarantineRows.of(there, schema, call)
            .withColumnRenamed(RowRules.COLUMN, BEFORE)
            .withColumn(CANDIDATE, functions.lit(false));
    Dataset<Row> candidates =
        waiting
            .withColumnRenamed(RowRules.COLUMN, BEFORE)
            .withColumn(CANDIDATE, functions.lit(true));
    Dataset<Row> all = published.unionByName(candidates);
    // Two tables are made of them, and to mark them may take many passes.
    Dataset<Row> marked =
        RowRules.mark(
                isSmall ? all.coalesce(1) : all, AttemptSieve.rowRules(output.gate()), context)
            .where(functions.col(CANDIDATE))
            .drop(CANDIDATE)
            .localCheckpoint();
    Column holds = holds(schema);
    StagedTable added =
        stager("added").write(QuarantineRows.own(marked.where(holds), schema), current);
    StagedTable remaining =
        stager("apart")
            .write(
                QuarantineRows.again(staying(marked.where(functions.not(holds))), schema), apart);
    ContentDigest content =
        added.rows() == 0
            ? ContentDigest.EMPTY
            : TableDigest.of(TableReader.read(spark, warehouseUri, added));
    return new Readmission(added, content, sieve.inspect(remaining, output.schema()));
  }

  /** What a step said of its rows is said of them still. */
  private static Dataset<Row> staying(Dataset<Row> rows) {
    Column now = functions.col(RowRules.COLUMN);
    Column all = functions.array_union(functions.col(BEFORE), now);
    Column reason = functions.col(QuarantineTable.REASON);
    return rows.withColumn(RowRules.COLUMN, functions.when(reason.isNotNull(), all).otherwise(now));
  }

  /** A row that a step set apart stays until somebody takes its reason away, or corrects it. */
  private static Column holds(StructType schema) {
    Column holds =
        functions
            .size(functions.col(RowRules.COLUMN))
            .equalTo(0)
            .and(functions.col(QuarantineTable.REASON).isNull());
    for (StructField field : schema.fields()) {
      if (!field.nullable()) {
        holds = holds.and(functions.col("`" + field.name() + "`").isNotNull());
      }
    }
    return holds;
  }

  /** Corrected rows take the place of those with the same key, or of all if there is no key. */
  private Dataset<Row> withCorrections(
      Dataset<Row> quarantined, String path, Dataset<Row> published, OutputSpec output, long rows) {
    StructType schema = published.schema();
    Dataset<Row> corrected =
        QuarantineRows.of(read(path, schema), schema, call)
            .withColumn(QuarantineTable.SOURCE_FILE, functions.input_file_name());
    SchemaSpec contract = output.schema();
    List<String> keys =
        output.keys().isEmpty() && contract != null ? contract.keys() : output.keys();
    if (keys.isEmpty()) {
      long given = corrected.count();
      if (given != rows) {
        throw EngineException.misused(
            path
                + " holds "
                + given
                + " rows and the quarantine of "
                + output.name()
                + " "
                + rows
                + ": without keys nobody can tell which rows are corrected",
            "give the output keys, or a file with every row of the quarantine");
      }
      return corrected;
    }
    Dataset<Row> fresh = without(corrected, published);
    Column same = functions.lit(true);
    Dataset<Row> by = fresh.select(columns(keys)).distinct();
    for (String key : keys) {
      String name = "__corrected_" + key;
      by = by.withColumnRenamed(key, name);
      same = same.and(quarantined.col("`" + key + "`").eqNullSafe(functions.col("`" + name + "`")));
    }
    return quarantined.join(by, same, "left_anti").unionByName(fresh);
  }

  /** Corrected rows that an earlier replay published as they are have come back already. */
  private static Dataset<Row> without(Dataset<Row> corrected, Dataset<Row> published) {
    Column same = functions.lit(true);
    for (StructField field : published.schema().fields()) {
      if (field.dataType().catalogString().contains("map<")) {
        return corrected; // Spark cannot compare them
      }
      String name = "`" + field.name() + "`";
      same = same.and(corrected.col(name).eqNullSafe(published.col(name)));
    }
    return corrected.join(published, same, "left_anti");
  }

  private Dataset<Row> read(String path, StructType schema) {
    String name = path.toLowerCase(Locale.ROOT);
    String format =
        FORMATS.stream()
            .filter(f -> name.endsWith("." + f) || (f.equals("json") && name.endsWith(".jsonl")))
            .findFirst()
            .orElse("parquet");
    Map<String, String> options = new TreeMap<>();
    if (!format.equals("parquet")) {
      options.put("mode", "FAILFAST");
    }
    if (format.equals("csv")) {
      options.put("header", "true");
      options.put("enforceSchema", "false");
    }
    Dataset<Row> found = spark.read().format(format).options(options).load(path);
    List<String> missing = new ArrayList<>(Arrays.asList(schema.fieldNames()));
    missing.removeAll(Arrays.asList(found.columns()));
    if (!missing.isEmpty()) {
      throw EngineException.misused(
          path + " has no column " + String.join(", ", missing),
          "give every column of the dataset: " + String.join(", ", schema.fieldNames()));
    }
    StructType typed = new StructType(); // in the order of the file, which names its columns
    for (String column : found.columns()) {
      boolean known = Arrays.asList(schema.fieldNames()).contains(column);
      DataType type =
          known ? schema.apply(column).dataType() : found.schema().apply(column).dataType();
      typed = typed.add(column, type, true);
    }
    return spark
        .read()
        .format(format)
        .options(options)
        .schema(typed)
        .load(path)
        .select(columns(Arrays.asList(schema.fieldNames())));
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(n -> functions.col("`" + n + "`")).toArray(Column[]::new);
  }

  private TableStager stager(String purpose) {
    return new TableStager(warehouseUri, call.attempt() + "-" + purpose);
  }
}
