package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * Rules against another dataset. Each reads the other dataset in a query of its own; Deequ's own
 * are not used, because they lose rows with null keys, take {@code 0 / 0} for a match and run up to
 * thirteen jobs.
 */
final class ComparisonTests {

  private static final String N = "n";

  private final Dataset<Row> rows;
  private final Gauges gauges;
  private final GateContext context;

  ComparisonTests(Dataset<Row> rows, Gauges gauges, GateContext context) {
    this.rows = rows;
    this.gauges = gauges;
    this.context = context;
  }

  Gauge of(DQRule rule, Optional<String> where) {
    Comparison what = Comparison.of(rule).orElseThrow();
    return switch (rule.getRuleType()) {
      case "RowCountMatch" -> rowCounts(what);
      case "ReferentialIntegrity" -> integrity(what, where);
      case "DatasetMatch" -> match(what);
      case "SchemaMatch" -> schemas(what);
      default -> aggregates(what);
    };
  }

  private Dataset<Row> other(Comparison what) {
    return References.rows(context, String.valueOf(what.dataset()));
  }

  private Gauge rowCounts(Comparison what) {
    Measure mine = gauges.chosen(Optional.empty());
    return new Gauge(
        "Dataset." + what.dataset() + ".RowCountMatch",
        () ->
            Reading.attempt(
                () -> {
                  long theirs = other(what).count();
                  return theirs == 0
                      ? Reading.failed("\"" + what.dataset() + "\" has no rows")
                      : Reading.of(
                          (double) mine.count() / theirs,
                          mine.count()
                              + " rows here, "
                              + theirs
                              + " in \""
                              + what.dataset()
                              + "\"");
                }));
  }

  /** The share of rows whose key is in the other dataset. A null is in no dataset. */
  private Gauge integrity(Comparison what, Optional<String> where) {
    Measure all = gauges.chosen(where);
    String names = String.join(",", what.mine());
    String owner = what.mine().size() == 1 ? "Column." : "Multicolumn.";
    String suffix = where.map(filter -> "(where: " + filter + ")").orElse("");
    return new Gauge(
        owner + names + ".ReferentialIntegrity(" + what.dataset() + ")" + suffix,
        () ->
            Reading.attempt(
                () -> {
                  Dataset<Row> chosen = where.isPresent() ? rows.where(where.get()) : rows;
                  long partnered = partnered(chosen, what);
                  long lonely = all.count() - partnered;
                  return Reading.of(
                      (double) partnered / all.count(),
                      lonely
                          + " of "
                          + all.count()
                          + " rows have no partner in \""
                          + what.dataset()
                          + "\"");
                }));
  }

  private long partnered(Dataset<Row> chosen, Comparison what) {
    Dataset<Row> partners = partners(other(what), what, rows.schema());
    List<Column> mine = new ArrayList<>();
    Column isSame = lit(true);
    for (int i = 0; i < what.keys().size(); i++) {
      mine.add(Columns.named(what.keys().get(i).mine()).as("m" + i));
      isSame = isSame.and(Columns.named("m" + i).equalTo(Columns.named("t" + i)));
    }
    return chosen.select(mine.toArray(new Column[0])).join(partners, isSame, "left_semi").count();
  }

  /** The keys of the other dataset, each once, as {@code t0}, {@code t1} ... */
  static Dataset<Row> partners(Dataset<Row> other, Comparison what, StructType mine) {
    List<Column> theirs = new ArrayList<>();
    for (Comparison.Pair pair : what.keys()) {
      StructField field =
          References.theirs(pair, mine, other.schema(), String.valueOf(what.dataset()));
      theirs.add(Columns.named(field.name()).as("t" + theirs.size()));
    }
    return other.select(theirs.toArray(new Column[0])).distinct();
  }

  /**
   * The share of rows that both datasets have: of equal keys, each once on its side, with equal
   * values, where null equals null. Rows that only one side has count as differing.
   */
  private Gauge match(Comparison what) {
    return new Gauge(
        "Dataset." + what.dataset() + ".DatasetMatch",
        () ->
            Reading.attempt(
                () -> {
                  Dataset<Row> other = other(what);
                  List<Comparison.Pair> values =
                      what.values().isEmpty() ? common(what, other.schema()) : what.values();
                  Row found = matched(what, values, other);
                  long mine = found.isNullAt(1) ? 0 : found.getLong(1);
                  long theirs = found.isNullAt(2) ? 0 : found.getLong(2);
                  long most = Math.max(mine, theirs);
                  return Reading.of(
                      (double) found.getLong(0) / most,
                      found.getLong(0)
                          + " rows are the same, of "
                          + mine
                          + " here and "
                          + theirs
                          + " in \""
                          + what.dataset()
                          + "\"");
                }));
  }

  private List<Comparison.Pair> common(Comparison what, StructType theirs) {
    List<String> keys =
        what.mine().stream().map(name -> Columns.bare(name).toLowerCase(Locale.ROOT)).toList();
    return Arrays.stream(rows.columns())
        .filter(name -> !keys.contains(name.toLowerCase(Locale.ROOT)))
        .filter(name -> Columns.find(theirs, name).isPresent())
        .map(name -> new Comparison.Pair(name, name))
        .toList();
  }

  private Row matched(Comparison what, List<Comparison.Pair> values, Dataset<Row> other) {
    Dataset<Row> both =
        side(rows, what.keys(), values, true, other.schema())
            .unionByName(side(other, what.keys(), values, false, rows.schema()));
    Column isMine = Columns.named("mine");
    Column value = Columns.named("v");
    Column[] keys = new Column[what.keys().size()];
    Arrays.setAll(keys, i -> Columns.named("k" + i));
    Dataset<Row> groups =
        both.groupBy(keys)
            .agg(
                count(when(isMine, lit(1L))).as("a"),
                count(when(isMine, null).otherwise(lit(1L))).as("b"),
                min(when(isMine, value)).as("x"),
                max(when(isMine, null).otherwise(value)).as("y"));
    Column isOne = Columns.named("a").equalTo(1).and(Columns.named("b").equalTo(1));
    Column isSame = isOne.and(Columns.named("x").eqNullSafe(Columns.named("y")));
    return groups
        .agg(
            count(when(isSame, lit(1L))).as(N),
            sum(Columns.named("a")).as("m"),
            sum(Columns.named("b")).as("t"))
        .collectAsList()
        .get(0);
  }

  private Dataset<Row> side(
      Dataset<Row> side,
      List<Comparison.Pair> keys,
      List<Comparison.Pair> values,
      boolean isMine,
      StructType opposite) {
    List<Column> all = new ArrayList<>();
    StructType mine = isMine ? side.schema() : opposite;
    StructType theirs = isMine ? opposite : side.schema();
    for (Comparison.Pair pair : keys) {
      all.add(column(pair, mine, theirs, isMine).as("k" + all.size()));
    }
    List<Column> compared = new ArrayList<>();
    for (Comparison.Pair pair : values) {
      compared.add(column(pair, mine, theirs, isMine).as("v" + compared.size()));
    }
    compared.add(lit(true).as("is"));
    all.add(struct(compared.toArray(new Column[0])).as("v"));
    all.add(lit(isMine).as("mine"));
    return side.select(all.toArray(new Column[0]));
  }

  /** Numbers of two types are compared as the wider one. */
  private static Column column(
      Comparison.Pair pair, StructType mine, StructType theirs, boolean isMine) {
    StructField other = References.theirs(pair, mine, theirs, "the other dataset");
    StructField own = References.find(mine, pair.mine(), "the rows");
    return Columns.named(isMine ? own.name() : other.name());
  }

  /** The share of all columns that both have by the same name and type. */
  private Gauge schemas(Comparison what) {
    return new Gauge(
        "Dataset." + what.dataset() + ".SchemaMatch",
        () -> Reading.attempt(() -> schemas(rows.schema(), other(what).schema(), what.dataset())));
  }

  private static Reading schemas(StructType mine, StructType theirs, @Nullable String dataset) {
    TreeSet<String> names = new TreeSet<>();
    List<String> differences = new ArrayList<>();
    for (StructType one : List.of(mine, theirs)) {
      Arrays.stream(one.fieldNames()).map(s -> s.toLowerCase(Locale.ROOT)).forEach(names::add);
    }
    for (String name : names) {
      String here = type(mine, name);
      String there = type(theirs, name);
      if (!here.equals(there)) {
        differences.add("\"" + name + "\" is " + here + " here and " + there + " in " + dataset);
      }
    }
    double share = 1.0 - (double) differences.size() / Math.max(1, names.size());
    return Reading.of(share, String.join(", ", differences));
  }

  private static String type(StructType schema, String name) {
    return Columns.find(schema, name)
        .map(field -> field.dataType().asNullable().catalogString())
        .orElse("missing");
  }

  /** Ours divided by theirs. */
  private Gauge aggregates(Comparison what) {
    List<Comparison.Pair> pairs = what.values();
    Column mine = aggregate(what.functions().get(0), pairs.get(0).mine());
    Measure here = gauges.measure(mine);
    boolean isOwn = what.dataset() == null;
    Measure alsoHere =
        isOwn ? gauges.measure(aggregate(what.functions().get(1), pairs.get(1).mine())) : here;
    return new Gauge(
        "Column." + pairs.get(0).mine() + ".AggregateMatch",
        () ->
            Reading.attempt(
                () -> {
                  number(rows.schema(), pairs.get(0).mine(), "the rows");
                  Object theirs = isOwn ? second(what, alsoHere) : theirs(what);
                  return ratio(here.row().get(0), theirs);
                }));
  }

  private Object second(Comparison what, Measure measured) {
    number(rows.schema(), what.values().get(1).mine(), "the rows");
    return value(measured.row());
  }

  private Object theirs(Comparison what) {
    Dataset<Row> other = other(what);
    String column = what.values().get(0).theirs();
    number(other.schema(), column, String.valueOf(what.dataset()));
    return value(
        other.agg(aggregate(what.functions().get(1), column).as(N)).collectAsList().get(0));
  }

  private static Object value(Row row) {
    Object value = row.get(0);
    if (value == null) {
      throw new References.Missing("every value on the other side is null");
    }
    return value;
  }

  private static void number(StructType schema, String column, String owner) {
    DataType type = References.find(schema, column, owner).dataType();
    if (!(type instanceof NumericType)) {
      throw new References.Missing(
          "\"" + column + "\" of " + owner + " is " + type.catalogString() + ", not a number");
    }
  }

  private static Reading ratio(@Nullable Object mine, Object theirs) {
    if (mine == null) {
      return Reading.failed("every value is null");
    }
    double here = Double.parseDouble(mine.toString());
    double there = Double.parseDouble(theirs.toString());
    if (there == 0 && here != 0) {
      return Reading.failed("the other side is 0, and nothing is a share of that");
    }
    double ratio = here == there ? 1 : here / there;
    return Reading.of(
        ratio, Reading.plain(here) + " here, " + Reading.plain(there) + " on the other side");
  }

  private static Column aggregate(String function, String column) {
    Column value = Columns.named(column);
    return switch (function) {
      case "sum" -> sum(value);
      case "avg" -> functions.avg(value);
      case "min" -> min(value);
      case "max" -> max(value);
      default -> count(value);
    };
  }
}
