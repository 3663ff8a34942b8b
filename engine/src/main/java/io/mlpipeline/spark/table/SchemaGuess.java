package io.mlpipeline.spark.table;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * A first contract from data: what was seen, all of it. The same data gives the same contract.
 *
 * @param schema the contract
 * @param rows how many rows were seen
 * @param remarks what is to be known of a column, by its name
 */
public record SchemaGuess(SchemaSpec schema, long rows, Map<String, String> remarks) {

  /** How many columns are looked at in one pass; more make Spark's generated code too large. */
  private static final int TOGETHER = 8;

  private static final int FEW_VALUES = 12;
  private static final int REPEATED = 5;
  private static final int LONGEST_VALUE = 40;
  private static final int KEYS_TRIED = 3;

  /** What the texts of a format can turn out to be. */
  public enum Texts {
    /** Anything: the format has no types. */
    ANYTHING,
    /** Dates and times: the format has types for numbers. */
    TIMES,
    /** Texts: the format has types for everything. */
    TEXTS
  }

  public SchemaGuess {
    remarks = Map.copyOf(remarks);
  }

  /** Looks at all rows, a few times. */
  public static SchemaGuess of(String name, Dataset<Row> rows, Texts texts) {
    return new Guesser(rows, texts).guess(name);
  }

  /** What was seen of one column. */
  private record Seen(StructField field, String type, long present, long distinct) {}

  /** Holds what the passes share. */
  private static final class Guesser {

    private final Dataset<Row> rows;
    private final Texts texts;
    private long total;

    Guesser(Dataset<Row> rows, Texts texts) {
      this.rows = rows;
      this.texts = texts;
    }

    SchemaGuess guess(String name) {
      StructField[] fields = rows.schema().fields();
      List<Seen> all = new ArrayList<>();
      for (int from = 0; from < fields.length; from += TOGETHER) {
        look(List.of(fields).subList(from, Math.min(fields.length, from + TOGETHER)), all);
      }
      Map<String, String> remarks = new TreeMap<>();
      List<ColumnSpec> columns = new ArrayList<>();
      for (Seen seen : all) {
        String column = seen.field().name();
        if (seen.present() == 0) {
          remarks.put(column, "always empty: its type is a guess");
        }
        boolean nullable = seen.present() < total || total == 0;
        boolean pii = PersonalNames.isPersonal(column);
        columns.add(new ColumnSpec(column, seen.type(), nullable, null, null, List.of(), pii));
      }
      values(all, remarks);
      return new SchemaGuess(new SchemaSpec(name, columns, key(all)), total, remarks);
    }

    private void look(List<StructField> fields, List<Seen> all) {
      List<Column> columns = new ArrayList<>();
      for (StructField field : fields) {
        columns.add(count(value(field)));
        columns.add(isComparable(field) ? approx_count_distinct(value(field)) : lit(0L));
        if (isText(field)) {
          columns.addAll(TextType.aggregates(value(field)));
        }
      }
      Row row = rows.agg(count(lit(1)), columns.toArray(Column[]::new)).head();
      total = row.getLong(0);
      int at = 1;
      for (StructField field : fields) {
        long present = row.getLong(at++);
        long distinct = row.getLong(at++);
        String type = field.dataType().catalogString();
        if (isText(field)) {
          type = TextType.of(field.name(), row, at, present, texts == Texts.ANYTHING);
          at += TextType.AGGREGATES;
        }
        all.add(new Seen(field, type, present, distinct));
      }
    }

    /** Text files have no null: white space stands for it, as ingest reads it. */
    private Column value(StructField field) {
      Column column = col(Contract.quoted(field.name()));
      return isText(field) && texts == Texts.ANYTHING
          ? when(length(trim(column)).gt(0), trim(column))
          : column;
    }

    private boolean isText(StructField field) {
      return field.dataType() instanceof StringType && texts != Texts.TEXTS;
    }

    private static boolean isComparable(StructField field) {
      DataType type = field.dataType();
      return !type.existsRecursively(
          new scala.runtime.AbstractFunction1<DataType, Object>() {
            @Override
            public Object apply(DataType inner) {
              return inner instanceof MapType;
            }
          });
    }

    /**
     * The few values of a text, as a remark: whether they are all there may be, data cannot say.
     */
    private void values(List<Seen> all, Map<String, String> remarks) {
      List<Seen> few =
          all.stream()
              .filter(s -> s.type().equals("string") && s.distinct() > 0)
              .filter(s -> s.distinct() <= FEW_VALUES && s.distinct() * REPEATED <= s.present())
              .filter(s -> !PersonalNames.isPersonal(s.field().name()))
              .toList();
      if (few.isEmpty()) {
        return;
      }
      List<Column> sets = new ArrayList<>();
      few.forEach(seen -> sets.add(sort_array(collect_set(value(seen.field())))));
      Row row = rows.agg(lit(1), sets.toArray(Column[]::new)).head();
      for (int i = 0; i < few.size(); i++) {
        List<String> values = row.getList(i + 1);
        boolean isShort = values.stream().allMatch(value -> value.length() <= LONGEST_VALUE);
        if (isShort) {
          List<String> quoted =
              values.stream()
                  .map(v -> '"' + v.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                  .toList();
          remarks.put(
              few.get(i).field().name(),
              "if these are all there may be: allowed: [" + String.join(", ", quoted) + "]");
        }
      }
    }

    /** The first column that names a row: those called id before others, then as they stand. */
    private List<String> key(List<Seen> all) {
      List<Seen> candidates =
          all.stream()
              .filter(s -> total > 1 && s.present() == total && s.distinct() >= 0.9 * total)
              .filter(s -> canBeKey(s.type()))
              .sorted(Comparator.comparingInt(s -> isId(s.field().name()) ? 0 : 1))
              .limit(KEYS_TRIED)
              .toList();
      for (Seen seen : candidates) {
        boolean repeats =
            !rows.groupBy(value(seen.field()).as("k"))
                .agg(count(lit(1)).as("n"))
                .where(functions.col("n").gt(1))
                .isEmpty();
        if (!repeats) {
          return List.of(seen.field().name());
        }
      }
      return List.of();
    }

    private static boolean canBeKey(String type) {
      return List.of("string", "int", "bigint", "smallint", "tinyint").contains(type);
    }
  }

  /** Whether a column's name says that it is an identifier. */
  static boolean isId(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("id")
        || lower.endsWith("_id")
        || name.endsWith("Id")
        || name.endsWith("ID");
  }
}
