package io.mlpipeline.spark.table;

import static org.apache.spark.sql.functions.bool_and;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Reads files that no contract describes, to look at them: nothing is published from what is read.
 *
 * <p>A column of CSV is a number or a time only if every value of it is written as one; a code such
 * as {@code 01234} stays a text, because its zero means something. The same files give the same
 * types, however many rows there are.
 */
public final class LooseReader {

  private static final Map<DataType, String> FORMS = forms();

  private LooseReader() {}

  private static Map<DataType, String> forms() {
    Map<DataType, String> forms = new LinkedHashMap<>();
    String day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    forms.put(DataTypes.LongType, "-?(0|[1-9][0-9]{0,17})");
    forms.put(DataTypes.DoubleType, "-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?");
    forms.put(DataTypes.DateType, day);
    forms.put(DataTypes.TimestampType, day + "[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?Z?");
    forms.put(DataTypes.BooleanType, "true|false");
    return forms;
  }

  /** The rows of a file, or of all files of a folder, with the columns' types told from them. */
  public static Dataset<Row> read(SparkSession spark, String path, String format) {
    Dataset<Row> rows = GuessedFiles.read(spark, path, format);
    return format.equals("csv") && rows.columns().length > 0 ? typed(rows) : rows;
  }

  private static Dataset<Row> typed(Dataset<Row> texts) {
    List<Column> asked = new ArrayList<>();
    for (String name : texts.columns()) {
      Column value = col(Contract.quoted(name));
      asked.add(count(value));
      FORMS.forEach((type, form) -> asked.add(fits(value, type, form)));
    }
    Row answers =
        texts
            .agg(asked.get(0), asked.subList(1, asked.size()).toArray(Column[]::new))
            .collectAsList()
            .get(0);
    List<Column> columns = new ArrayList<>();
    int at = 0;
    for (String name : texts.columns()) {
      Column value = col(Contract.quoted(name));
      Column cast = value;
      boolean isEmpty = answers.getLong(at++) == 0;
      boolean isOpen = !isEmpty;
      for (DataType type : FORMS.keySet()) {
        if (isOpen && Boolean.TRUE.equals(answers.get(at))) {
          cast = value.cast(type);
          isOpen = false;
        }
        at++;
      }
      columns.add(cast.as(name));
    }
    return texts.select(columns.toArray(Column[]::new));
  }

  /** Of all values that are there: written so, and still there as that type. */
  private static Column fits(Column value, DataType type, String form) {
    Column fits = value.rlike("\\A(?:" + form + ")\\z").and(value.cast(type).isNotNull());
    return bool_and(when(value.isNull(), lit(true)).otherwise(fits));
  }
}
