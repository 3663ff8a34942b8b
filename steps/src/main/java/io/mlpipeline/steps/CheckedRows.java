package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.url_decode;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.steps.RawRows.RawColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Applies a contract to raw rows. What comes out has one row for each that went in: {@code t0, t1,
 * ...} are the contract's columns; {@code _reason} says what is wrong and is null for good rows;
 * {@code _file} and {@code _record} are set for bad rows only; {@code _blank} lists the columns
 * where white space stood for a value, and is null if there are none; {@code _copy} is 1 for the
 * row of a key that stays.
 */
final class CheckedRows {

  private static final int SHOWN = 60;

  private final List<ContractColumn> contract;
  private final StrictCast strict;
  private final String root;

  /**
   * @param root what the files' paths begin with; {@code _file} is told without it
   */
  CheckedRows(List<ContractColumn> contract, StrictCast strict, String root) {
    this.contract = contract;
    this.strict = strict;
    this.root = root;
  }

  /** Casts and judges every row. */
  Dataset<Row> judge(RawRows raw) {
    Dataset<Row> typed = typed(raw);
    List<Column> reasons = new ArrayList<>();
    List<Column> blanks = new ArrayList<>();
    Column anyBlank = lit(false);
    reasons.add(when(raw.broken().isNotNull(), lit(raw.brokenReason())));
    for (int i = 0; i < contract.size(); i++) {
      ContractColumn column = contract.get(i);
      RawColumn source = raw.columns().get(i);
      Column blank = blank(source, column);
      reasons.add(reason(i, column, source, blank));
      if (source.type() instanceof StringType && !(column.type() instanceof StringType)) {
        blanks.add(when(blank, lit(column.name())));
        anyBlank = anyBlank.or(coalesce(blank, lit(false)));
      }
    }
    List<Column> kept = results();
    kept.add(col("_reason"));
    kept.add(when(col("_reason").isNotNull(), fileName()).as("_file"));
    kept.add(when(col("_reason").isNotNull(), raw.record()).as("_record"));
    kept.add(col("_blank"));
    return typed
        .withColumn("_reason", coalesce(reasons.toArray(Column[]::new)))
        .withColumn("_blank", blankColumns(blanks, anyBlank))
        .select(kept.toArray(Column[]::new));
  }

  /** Numbers the good rows of each key, from 1 for the one that stays. */
  Dataset<Row> number(Dataset<Row> judged, List<String> keys, List<String> orderBy) {
    if (keys.isEmpty()) {
      return judged.withColumn("_copy", lit(1));
    }
    List<Column> group = new ArrayList<>(keys.stream().map(this::result).toList());
    // Bad rows are in no good row's group, and in many groups.
    group.add(when(col("_reason").isNotNull(), xxhash64(col("_file"), col("_record"))));
    List<Column> order = new ArrayList<>(orderBy.stream().map(n -> result(n).desc()).toList());
    order.add(hash(1));
    order.add(hash(2));
    WindowSpec window =
        Window.partitionBy(group.toArray(Column[]::new)).orderBy(order.toArray(Column[]::new));
    return judged.withColumn("_copy", row_number().over(window));
  }

  /** The good rows, one of each key, under the contract's names. */
  Dataset<Row> published(Dataset<Row> numbered) {
    Column[] named = new Column[contract.size()];
    for (int i = 0; i < named.length; i++) {
      named[i] = col("t" + i).as(contract.get(i).name());
    }
    return numbered.filter(col("_reason").isNull().and(col("_copy").equalTo(1))).select(named);
  }

  /** The bad rows as text, with file and reason. */
  static Dataset<Row> rejected(Dataset<Row> numbered) {
    return numbered
        .filter(col("_reason").isNotNull())
        .select(col("_file"), col("_record"), col("_reason"));
  }

  private Dataset<Row> typed(RawRows raw) {
    List<Column> asRaw = new ArrayList<>(List.of(col("*")));
    List<Column> asContract = new ArrayList<>(List.of(col("*")));
    for (int i = 0; i < contract.size(); i++) {
      ContractColumn column = contract.get(i);
      RawColumn source = raw.columns().get(i);
      asRaw.add(strict.cast(source.name(), source.type(), column.raw()).as("r" + i));
      asContract.add(strict.cast("r" + i, column.raw(), column.type()).as("t" + i));
    }
    return raw.rows()
        .select(asRaw.toArray(Column[]::new))
        .select(asContract.toArray(Column[]::new));
  }

  private static Column reason(int i, ContractColumn column, RawColumn source, Column blank) {
    Column value = col(source.name());
    Column missing = col("t" + i).isNull();
    Column stood = value.isNotNull().and(coalesce(blank, lit(false)).equalTo(false));
    Column wrong =
        concat(
            lit("column " + column.name() + ": '"),
            substring(text(source.name(), source.type()), 1, SHOWN),
            lit("' is no " + column.type().simpleString()));
    Column absent =
        lit("column " + column.name() + ": no value, but the contract does not allow null");
    return column.nullable()
        ? when(missing.and(stood), wrong)
        : when(missing.and(stood), wrong).when(missing, absent);
  }

  /** White space where something else than a text is wanted. */
  private static Column blank(RawColumn source, ContractColumn column) {
    boolean possible =
        source.type() instanceof StringType && !(column.type() instanceof StringType);
    return possible ? trim(col(source.name())).equalTo("") : lit(false);
  }

  private static Column blankColumns(List<Column> blanks, Column anyBlank) {
    Column names =
        blanks.isEmpty()
            ? array(lit(null).cast(DataTypes.StringType))
            : array_compact(array(blanks.toArray(Column[]::new)));
    return when(anyBlank, names);
  }

  private List<Column> results() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < contract.size(); i++) {
      columns.add(col("t" + i));
    }
    return columns;
  }

  private Column fileName() {
    // Spark gives a URI; a plus is a plus there, but not to url_decode.
    Column path = url_decode(replace(col("_file"), lit("+"), lit("%2B")));
    return when(path.startsWith(root), substring(path, root.length() + 1, Integer.MAX_VALUE))
        .otherwise(path);
  }

  private Column result(String name) {
    for (int i = 0; i < contract.size(); i++) {
      if (contract.get(i).name().equalsIgnoreCase(name)) {
        return col("t" + i);
      }
    }
    throw new IllegalArgumentException("no column " + name);
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
    boolean nested =
        type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    return nested ? to_json(struct(col(name))) : col(name);
  }
}
