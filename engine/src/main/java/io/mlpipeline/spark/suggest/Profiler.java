package io.mlpipeline.spark.suggest;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.stddev_pop;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.functions.year;

import io.mlpipeline.spark.suggest.Profile.Kind;
import io.mlpipeline.spark.suggest.Profile.Numbers;
import io.mlpipeline.spark.suggest.Profile.OfColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;

/** Looks at every column of a dataset, in one pass and one more for forms and few values. */
final class Profiler {

  /** Above this, whatever looks at single values looks at a part of the rows. */
  static final int SAMPLE = 100_000;

  /** A column with more different values is no category. */
  static final int FEW = 20;

  private static final double MOST = 0.95;
  private static final int FACTS = 8;

  private Profiler() {}

  static Profile of(Dataset<Row> rows) {
    List<Column> asked = new ArrayList<>();
    asked.add(count(lit(1)));
    for (StructField field : rows.schema().fields()) {
      asked.addAll(facts(field));
    }
    Row answers =
        rows.agg(asked.get(0), asked.subList(1, asked.size()).toArray(Column[]::new))
            .collectAsList()
            .get(0);
    long size = answers.getLong(0);
    Map<String, String> forms = new HashMap<>();
    Map<String, SortedMap<String, Long>> values = new HashMap<>();
    single(rows, size, answers, forms, values);
    List<OfColumn> columns = new ArrayList<>();
    for (int i = 0; i < rows.schema().size(); i++) {
      StructField field = rows.schema().apply(i);
      int at = 1 + i * FACTS;
      columns.add(
          new OfColumn(
              field.name(),
              kind(field.dataType()),
              size,
              answers.getLong(at),
              answers.getLong(at + 1),
              numbers(answers, at + 2),
              answers.isNullAt(at + 6) ? 0 : answers.getInt(at + 6),
              forms.getOrDefault(field.name(), ""),
              values.getOrDefault(field.name(), new TreeMap<>())));
    }
    return new Profile(size, columns);
  }

  /** At most {@link #SAMPLE} rows, the same whenever the rows are the same. */
  static Dataset<Row> sample(Dataset<Row> rows, long size) {
    if (size <= SAMPLE) {
      return rows;
    }
    Column[] hashed =
        Arrays.stream(rows.schema().fields())
            .filter(field -> kind(field.dataType()) != Kind.OTHER)
            .map(field -> named(field.name()))
            .toArray(Column[]::new);
    long per = 1_000_000;
    long share = (long) (0.95 * per * SAMPLE / size);
    return rows.filter(pmod(xxhash64(hashed), lit(per)).lt(share)).limit(SAMPLE);
  }

  static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  static Kind kind(DataType type) {
    if (type instanceof IntegralType) {
      return Kind.WHOLE;
    }
    if (type instanceof DecimalType decimal) {
      return decimal.scale() == 0 ? Kind.WHOLE : Kind.FRACTION;
    }
    if (type instanceof DoubleType || type instanceof FloatType) {
      return Kind.FRACTION;
    }
    if (type instanceof DateType || type instanceof TimestampType) {
      return Kind.DAY;
    }
    return type instanceof StringType ? Kind.TEXT : Kind.OTHER;
  }

  private static List<Column> facts(StructField field) {
    Column value = named(field.name());
    Kind kind = kind(field.dataType());
    Column number =
        switch (kind) {
          case WHOLE, FRACTION -> value.cast("double");
          case TEXT -> length(value).cast("double");
          case DAY, OTHER -> lit(null).cast("double");
        };
    Column distinct = kind == Kind.OTHER ? lit(0L) : approx_count_distinct(value, 0.02);
    Column first = kind == Kind.DAY ? min(year(value)) : min(lit(null).cast("int"));
    Column counted = kind == Kind.OTHER ? max(distinct) : distinct;
    return List.of(
        count(value),
        counted,
        min(number),
        max(number),
        avg(number),
        stddev_pop(number),
        first,
        count(lit(1)));
  }

  private static Numbers numbers(Row row, int at) {
    for (int i = at; i < at + 4; i++) {
      if (row.isNullAt(i)) {
        return Numbers.NONE;
      }
    }
    return new Numbers(
        row.getDouble(at), row.getDouble(at + 1), row.getDouble(at + 2), row.getDouble(at + 3));
  }

  /** Counts forms of texts in the sample and few values in all rows. */
  private static void single(
      Dataset<Row> rows,
      long size,
      Row answers,
      Map<String, String> forms,
      Map<String, SortedMap<String, Long>> values) {
    List<Column> ofForms = new ArrayList<>();
    List<Column> ofValues = new ArrayList<>();
    for (int i = 0; i < rows.schema().size(); i++) {
      StructField field = rows.schema().apply(i);
      Kind kind = kind(field.dataType());
      long distinct = answers.getLong(2 + i * FACTS);
      if (kind == Kind.TEXT) {
        Column form = translate(named(field.name()), Forms.FROM, Forms.TO);
        ofForms.add(pair(field.name(), form));
        ofForms.add(
            pair(
                field.name(),
                concat(lit("+"), regexp_replace(form, lit("([9aA])\\1+"), lit("$1")))));
      }
      if ((kind == Kind.TEXT || kind == Kind.WHOLE) && distinct > 0 && distinct <= FEW) {
        ofValues.add(pair(field.name(), named(field.name()).cast("string")));
      }
    }
    forms(counted(sample(rows, size), ofForms, Math.max(1, size / 10)), answers, rows, forms);
    for (Row one : counted(rows, ofValues, 1)) {
      values
          .computeIfAbsent(one.getString(0), column -> new TreeMap<>())
          .put(one.getString(1), one.getLong(2));
    }
  }

  private static Column pair(String column, Column text) {
    return struct(lit(column).as("c"), text.as("v"));
  }

  private static List<Row> counted(Dataset<Row> rows, List<Column> pairs, long least) {
    if (pairs.isEmpty()) {
      return List.of();
    }
    long bounded = Math.min(least, SAMPLE / 10);
    return rows.select(explode(array(pairs.toArray(Column[]::new))).as("p"))
        .filter("p.v is not null")
        .groupBy("p.c", "p.v")
        .agg(count(lit(1)).as("n"))
        .filter(col("n").geq(bounded))
        .collectAsList();
  }

  /** The narrow form if nearly all have it, else the loose one. */
  private static void forms(
      List<Row> counted, Row answers, Dataset<Row> rows, Map<String, String> forms) {
    Map<String, Long> present = new HashMap<>();
    for (int i = 0; i < rows.schema().size(); i++) {
      double share = Math.min(1, 0.95 * SAMPLE / Math.max(1, answers.getLong(0)));
      long seen = (long) (answers.getLong(1 + i * FACTS) * share);
      present.put(rows.schema().apply(i).name(), seen);
    }
    for (Row one : counted) {
      String column = one.getString(0);
      String form = one.getString(1);
      boolean isCommon = one.getLong(2) >= MOST * present.getOrDefault(column, 0L);
      if (isCommon && (!form.startsWith("+") || !forms.containsKey(column))) {
        forms.put(column, form);
      }
    }
  }
}
