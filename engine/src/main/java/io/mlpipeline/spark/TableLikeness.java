package io.mlpipeline.spark;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.Likeness;
import io.mlpipeline.spark.gate.TableDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Compares two versions of one table column by column, in one pass over each: by the digest of
 * every column, and for columns of fractions by what a sum in another order could change.
 */
public final class TableLikeness {

  /** The largest relative difference of counts, sums, smallest and largest values of fractions. */
  static final double TOLERANCE = 1e-9;

  private static final int DIGEST = 5;
  private static final int FIGURES = 5;

  private TableLikeness() {}

  /** How the rows that were made again compare with those that were recorded. */
  public static Likeness of(String name, Dataset<Row> recorded, Dataset<Row> remade) {
    List<String> schema = schema(recorded.schema(), remade.schema());
    if (!schema.isEmpty()) {
      return new Likeness(name, Likeness.Degree.OTHER, schema);
    }
    Seen before = Seen.of(recorded);
    Seen after = Seen.of(remade);
    if (before.whole().equals(after.whole())) {
      return Likeness.same(name);
    }
    if (before.whole().rows() != after.whole().rows()) {
      return new Likeness(
          name,
          Likeness.Degree.OTHER,
          List.of(
              before.whole().rows() + " rows were recorded, " + after.whole().rows() + " came"));
    }
    return byColumn(name, before, after);
  }

  /**
   * What of one table is not in another.
   *
   * @param columns the columns whose values are not the same, whatever the order of the rows
   * @param rows how many rows of the one the other does not have
   * @param example one of these rows, by its keys or else by its columns that do not differ
   */
  public record Difference(List<String> columns, long rows, String example) {

    public Difference {
      columns = List.copyOf(columns);
    }
  }

  /** Compares two tables of one schema row by row. */
  public static Difference between(Dataset<Row> one, Dataset<Row> other, List<String> keys) {
    Seen before = Seen.of(one);
    Seen after = Seen.of(other);
    List<String> columns =
        before.fields().stream()
            .map(StructField::name)
            .filter(column -> !before.column(column).equals(after.column(column)))
            .toList();
    Dataset<Row> lost = one.exceptAll(other);
    List<String> shown = new ArrayList<>(keys.isEmpty() ? List.of(one.columns()) : keys);
    shown.removeAll(columns);
    String example =
        lost.limit(1).collectAsList().stream()
            .flatMap(row -> shown.stream().map(c -> c + "=" + row.get(row.fieldIndex(c))))
            .collect(Collectors.joining(", "));
    return new Difference(columns, lost.count(), example);
  }

  private static Likeness byColumn(String name, Seen before, Seen after) {
    List<String> what = new ArrayList<>();
    boolean near = before.exact().equals(after.exact());
    for (StructField field : before.fields()) {
      String column = field.name();
      if (!before.column(column).equals(after.column(column))) {
        boolean within = isFraction(field) && before.isNear(after, column);
        near &= within;
        what.add("column " + column + " differs" + (within ? ", by less than 1e-9 of it" : ""));
      }
    }
    if (what.isEmpty()) {
      near = false;
      what.add("every column has the same values, in other rows");
    }
    return new Likeness(
        name, near ? Likeness.Degree.WITHIN_TOLERANCE : Likeness.Degree.OTHER, what);
  }

  private static List<String> schema(StructType before, StructType after) {
    SortedMap<String, String> old = types(before);
    SortedMap<String, String> now = types(after);
    List<String> what = new ArrayList<>();
    old.forEach(
        (name, type) -> {
          String other = now.remove(name);
          if (other == null) {
            what.add("column " + name + " is gone");
          } else if (!other.equals(type)) {
            what.add("column " + name + " was " + type + " and is " + other);
          }
        });
    now.keySet().forEach(name -> what.add("column " + name + " is new"));
    return what;
  }

  private static SortedMap<String, String> types(StructType schema) {
    return Arrays.stream(schema.fields())
        .collect(
            Collectors.toMap(
                StructField::name, f -> f.dataType().simpleString(), (a, b) -> a, TreeMap::new));
  }

  private static boolean isFraction(StructField field) {
    return field.dataType() instanceof DoubleType || field.dataType() instanceof FloatType;
  }

  /**
   * What one pass over a table found.
   *
   * @param fields its columns
   * @param row the digest of the whole, that of all columns that are no fractions, that of each
   *     column, and five figures of each column of fractions
   */
  private record Seen(List<StructField> fields, Row row) {

    static Seen of(Dataset<Row> rows) {
      List<StructField> fields = Arrays.asList(rows.schema().fields());
      List<Column> all = new ArrayList<>(Arrays.asList(TableDigest.aggregates(rows.schema())));
      StructType exact =
          new StructType(fields.stream().filter(f -> !isFraction(f)).toArray(StructField[]::new));
      all.addAll(Arrays.asList(TableDigest.aggregates(exact)));
      for (StructField field : fields) {
        all.addAll(Arrays.asList(TableDigest.aggregates(new StructType().add(field))));
      }
      for (StructField field : fields) {
        if (isFraction(field)) {
          Column value = rows.col("`" + field.name().replace("`", "``") + "`").cast("double");
          all.addAll(List.of(count(value), sum(value), sum(abs(value)), min(value), max(value)));
        }
      }
      Row row = rows.agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new)).head();
      return new Seen(fields, row);
    }

    ContentDigest whole() {
      return TableDigest.read(row, 0);
    }

    ContentDigest exact() {
      return TableDigest.read(row, DIGEST);
    }

    ContentDigest column(String name) {
      return TableDigest.read(row, DIGEST * (2 + index(name)));
    }

    private int index(String name) {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).name().equals(name)) {
          return i;
        }
      }
      throw new IllegalArgumentException("no column " + name);
    }

    boolean isNear(Seen other, String name) {
      int before = (int) fields.subList(0, index(name)).stream().filter(f -> isFraction(f)).count();
      int at = DIGEST * (2 + fields.size()) + FIGURES * before;
      double scale = row.isNullAt(at + 2) ? 0 : row.getDouble(at + 2);
      for (int i = 1; i < FIGURES; i++) {
        if (row.isNullAt(at + i) != other.row.isNullAt(at + i)) {
          return false;
        }
        if (!row.isNullAt(at + i)) {
          double one = row.getDouble(at + i);
          double two = other.row.getDouble(at + i);
          double size = i == 1 ? scale : Math.max(Math.abs(one), Math.abs(two));
          if (!(Math.abs(one - two) <= TOLERANCE * size) && Double.compare(one, two) != 0) {
            return false;
          }
        }
      }
      return row.getLong(at) == other.row.getLong(at);
    }
  }
}
