package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.RowSample;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.RawRows.RawColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Applies a contract to raw rows. What comes out has one row for each that went in: {@code t0, t1,
 * ...} are the contract's columns; {@link SourceFiles#COLUMN} is the file; {@link Faults#COLUMN}
 * says what is wrong and is null for good rows; {@code _record} is set for bad rows only; {@code
 * _notes} lists what was read leniently, null if nothing was; {@code _copy} is 1 for the row of a
 * key that stays.
 */
final class CheckedRows {

  /** White space stood where another type than text is wanted; read as null. */
  static final String BLANK = "blank_values.";

  /** A whole number was written with a point, such as 1.0. */
  static final String COERCED = "coerced_values.";

  /** A text holds the sign that readers put for bytes which they could not decode. */
  static final String UNDECODED = "undecoded_values.";

  private static final String REPLACEMENT = "\uFFFD";

  private final List<ContractColumn> contract;
  private final ValueRules values;

  CheckedRows(List<ContractColumn> contract, ValueRules values) {
    this.contract = contract;
    this.values = values;
  }

  /** Casts and judges every row. */
  Dataset<Row> judge(RawRows raw) {
    Dataset<Row> typed = typed(raw);
    Faults faults = new Faults();
    List<Column> notes = new ArrayList<>();
    Column anyNote = lit(false);
    for (int i = 0; i < contract.size(); i++) {
      ContractColumn column = contract.get(i);
      RawColumn source = raw.columns().get(i);
      Column lost = col("t" + i).isNull().and(col("n" + i).isNotNull());
      Column blank = trim(col("n" + i)).equalTo("");
      boolean mayBeBlank =
          source.type() instanceof StringType && !(column.type() instanceof StringType);
      boolean mayBeWrong =
          !source.type().equals(column.type()) || !column.raw().equals(column.type());
      Column wrong = mayBeBlank ? lost.and(blank.equalTo(false)) : mayBeWrong ? lost : lit(false);
      if (mayBeWrong) {
        faults.wrongType(wrong, column, text("n" + i, source.type()));
      }
      if (!column.nullable()) {
        faults.missing(col("t" + i).isNull(), wrong, column);
      }
      if (mayBeBlank) {
        notes.add(when(lost.and(blank), lit(BLANK + column.name())));
        anyNote = anyNote.or(lost);
      }
      if (source.type() instanceof StringType && column.type() instanceof StringType) {
        Column undecoded = col("t" + i).contains(REPLACEMENT);
        notes.add(when(undecoded, lit(UNDECODED + column.name())));
        anyNote = anyNote.or(undecoded);
      }
      if (isCoerced(source, column)) {
        Column coerced = col("d" + i).isNull().and(col("t" + i).isNotNull());
        notes.add(when(coerced, lit(COERCED + column.name())));
        anyNote = anyNote.or(coerced);
      }
    }
    Column noted =
        notes.isEmpty()
            ? lit(null).cast(DataTypes.createArrayType(DataTypes.StringType))
            : when(anyNote, array_compact(array(notes.toArray(Column[]::new))));
    List<Column> kept = results();
    kept.add(col(SourceFiles.COLUMN));
    kept.add(col(Faults.COLUMN));
    kept.add(when(Faults.isBad(), raw.record()).as("_record"));
    kept.add(col("_notes"));
    return typed
        .withColumn(Faults.COLUMN, faults.list(raw.broken(), raw.brokenReason()))
        .withColumn("_notes", noted)
        .select(kept.toArray(Column[]::new));
  }

  /** What {@link #judge} gives of no rows at all. */
  StructType schema() {
    StructType schema = new StructType();
    for (int i = 0; i < contract.size(); i++) {
      schema = schema.add("t" + i, contract.get(i).type());
    }
    return schema
        .add(SourceFiles.COLUMN, DataTypes.LongType)
        .add(Faults.COLUMN, DataTypes.createArrayType(DataTypes.StringType))
        .add("_record", DataTypes.StringType)
        .add("_notes", DataTypes.createArrayType(DataTypes.StringType));
  }

  /** Whether a judged row belongs to a sample; a bad one without a key is chosen by its text. */
  Column isIn(RowSample sample, StructType judged) {
    List<String> names = contract.stream().map(ContractColumn::name).toList();
    List<String> places = new ArrayList<>();
    for (String wanted : sample.key()) {
      int place = -1;
      for (int i = 0; i < names.size(); i++) {
        place = names.get(i).equalsIgnoreCase(wanted) ? i : place;
      }
      if (place < 0) {
        throw new EngineException(
            ErrorType.CONFIG_INVALID,
            "sample-by: the contract has no column '%s'%s"
                .formatted(wanted, Suggestions.didYouMean(wanted, names)));
      }
      places.add("t" + place);
    }
    Column values = to_json(struct(results().toArray(Column[]::new)));
    return sample.holds(judged, places, coalesce(col("_record"), values));
  }

  /** Numbers the good rows of each key, from 1 for the one that stays. */
  Dataset<Row> number(Dataset<Row> judged, RowOrder order) {
    if (order.isOff()) {
      return judged.withColumn("_copy", lit(1));
    }
    List<Column> group = new ArrayList<>();
    if (order.isExact()) {
      group.addAll(List.of(hash(1), hash(2)));
    }
    order.keys().forEach(key -> group.add(result(key)));
    // Bad rows are in no good row's group, and in many groups.
    group.add(when(Faults.isBad(), xxhash64(col(SourceFiles.COLUMN), col("_record"))));
    List<Column> sorted = new ArrayList<>(order.sorting(this::result));
    sorted.addAll(List.of(hash(1), hash(2), col(SourceFiles.COLUMN)));
    WindowSpec window =
        Window.partitionBy(group.toArray(Column[]::new)).orderBy(sorted.toArray(Column[]::new));
    return judged.withColumn("_copy", row_number().over(window));
  }

  /** Whether a row is good and the one of its key that stays. */
  static Column stays() {
    return Faults.isGood().and(col("_copy").equalTo(1));
  }

  /** The good rows, one of each key, under the contract's names, with their file. */
  Dataset<Row> published(Dataset<Row> numbered, SourceFiles files) {
    List<Column> columns = named();
    if (contract.stream().noneMatch(c -> c.name().equalsIgnoreCase(StepOutput.SOURCE_FILE))) {
      columns.add(files.name().as(StepOutput.SOURCE_FILE));
    }
    return numbered.filter(stays()).select(columns.toArray(Column[]::new));
  }

  /** The bad rows, typed as far as they could be, with file, rules, reason and record. */
  Dataset<Row> quarantined(Dataset<Row> numbered, SourceFiles files) {
    List<Column> columns = named();
    columns.add(Faults.rules().as("_rules"));
    columns.add(Faults.reason().as("_reason"));
    columns.add(files.name().as(StepOutput.SOURCE_FILE));
    columns.add(col("_record"));
    return numbered.filter(Faults.isBad()).select(columns.toArray(Column[]::new));
  }

  /** A column of the contract among the judged rows. */
  Column result(String name) {
    for (int i = 0; i < contract.size(); i++) {
      if (contract.get(i).name().equalsIgnoreCase(name)) {
        return col("t" + i);
      }
    }
    throw new IllegalArgumentException("no column " + name);
  }

  /**
   * {@code n}: without texts that stand for null; {@code q}: plain numbers; {@code d}, {@code t}.
   */
  private Dataset<Row> typed(RawRows raw) {
    List<Column> known = new ArrayList<>(List.of(col("*")));
    List<Column> plain = new ArrayList<>(List.of(col("*")));
    List<Column> direct = new ArrayList<>(List.of(col("*")));
    List<Column> whole = new ArrayList<>(List.of(col("*")));
    List<Column> result = new ArrayList<>(List.of(col("*")));
    for (int i = 0; i < contract.size(); i++) {
      ContractColumn column = contract.get(i);
      RawColumn source = raw.columns().get(i);
      List<String> formats = values.formats(column);
      known.add(values.known(source.name(), source.type(), column.raw()).as("n" + i));
      boolean rewrites = values.rewritesNumbers(source.type(), column.raw());
      plain.add((rewrites ? values.plain("n" + i) : col("n" + i)).as("q" + i));
      Column cast = StrictCast.cast("q" + i, source.type(), column.raw(), formats);
      boolean coerced = isCoerced(source, column);
      boolean ofText = coerced && source.type() instanceof StringType;
      Column none = lit(null).cast(column.raw());
      direct.add((coerced && !ofText ? none : cast).as("d" + i));
      Column lenient = ofText ? StrictCast.wholeNumber("q" + i, column.raw()) : cast;
      whole.add((coerced ? coalesce(col("d" + i), lenient) : col("d" + i)).as("r" + i));
      result.add(StrictCast.cast("r" + i, column.raw(), column.type(), formats).as("t" + i));
    }
    Dataset<Row> rows = raw.rows();
    for (List<Column> step : List.of(known, plain, direct, whole, result)) {
      rows = rows.select(step.toArray(Column[]::new));
    }
    return rows;
  }

  /** Whether whole numbers may come with a point: as texts, or in a column of fractions. */
  private static boolean isCoerced(RawColumn source, ContractColumn column) {
    DataType from = source.type();
    boolean fractions =
        from instanceof DoubleType
            || from instanceof FloatType
            || (from instanceof DecimalType decimal && decimal.scale() > 0);
    return column.raw() instanceof IntegralType && (fractions || from instanceof StringType);
  }

  private List<Column> results() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      columns.add(col("t" + i));
    }
    return columns;
  }

  private List<Column> named() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      columns.add(col("t" + i).as(contract.get(i).name()));
    }
    return columns;
  }

  /** Over all values, nulls told apart; decides between rows of one key that differ. */
  private Column hash(int salt) {
    List<Column> atoms = new ArrayList<>(List.of(lit(salt)));
    for (int i = 0; i < contract.size(); i++) {
      atoms.add(col("t" + i).isNull());
      atoms.add(text("t" + i, contract.get(i).type()));
    }
    return xxhash64(atoms.toArray(Column[]::new));
  }

  private static Column text(String name, DataType type) {
    return RawReader.isNested(type) ? to_json(struct(col(name))) : col(name);
  }
}
