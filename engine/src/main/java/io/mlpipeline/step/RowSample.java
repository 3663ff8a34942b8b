package io.mlpipeline.step;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Which rows belong to a sample: those whose key has a hash in the first {@code parts} of {@code
 * of}.
 *
 * <p>The same key is in or out in every table that has it, on every machine, whatever the order,
 * the partitioning or the type (1, 1.00 and "1" are one key), and a smaller sample is a part of a
 * larger one. The hash is another than that of the step {@code split}: a sample has its share of
 * training and held-out rows. Rows with a null in the key are chosen by all their values.
 *
 * @param key the columns whose values decide
 * @param parts how many parts are taken
 * @param of of how many
 */
public record RowSample(List<String> key, long parts, long of) {

  /** No row at all. */
  public static final RowSample NOTHING = new RowSample(List.of(), 0, 1);

  private static final String SALT = "mlpipeline sample 1";

  public RowSample {
    key = List.copyOf(key);
    if ((key.isEmpty() && parts > 0) || parts < 0 || parts > of) {
      throw new IllegalArgumentException("no sample: " + parts + " of " + of + " by " + key);
    }
  }

  /**
   * Whether a row belongs to it.
   *
   * @param rows the columns of the rows
   * @param places the key's columns as they are called there, in the order of the key
   * @param whole the whole row as text, for rows that have no key
   */
  public Column holds(StructType rows, List<String> places, Column whole) {
    if (parts == 0) {
      return lit(false);
    }
    List<Column> atoms = new ArrayList<>(List.of(lit(SALT)));
    Column isMissing = lit(false);
    for (String place : places) {
      Column value = named(place);
      atoms.add(text(value, rows.apply(place).dataType()));
      isMissing = isMissing.or(value.isNull());
    }
    Column ofKey = xxhash64(atoms.toArray(Column[]::new));
    Column ofRow = xxhash64(lit(SALT + " row"), whole);
    return pmod(when(isMissing, ofRow).otherwise(ofKey), lit(of)).lt(parts);
  }

  /** Equal values of different types have equal texts. */
  private static Column text(Column value, DataType type) {
    Column plain = value.cast(DataTypes.StringType);
    if (type instanceof DecimalType decimal) {
      return decimal.scale() > 0 ? withoutZeros(plain) : plain;
    }
    if (type instanceof DoubleType || type instanceof FloatType) {
      Column exact = value.cast(DataTypes.createDecimalType(38, 9)).cast(DataTypes.StringType);
      return coalesce(withoutZeros(exact), plain);
    }
    boolean isNested =
        type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
    return isNested ? to_json(struct(value)) : plain;
  }

  private static Column withoutZeros(Column number) {
    return rtrim(rtrim(number, "0"), ".");
  }

  /** All columns of a row as one text. */
  public static Column whole(StructType rows) {
    Column[] all = Arrays.stream(rows.fieldNames()).map(RowSample::named).toArray(Column[]::new);
    return all.length == 0 ? lit("") : to_json(struct(all));
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }
}
