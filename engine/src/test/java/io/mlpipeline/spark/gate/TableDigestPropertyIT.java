package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.testkit.TestSpark;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The content digest over tables of any shape: columns of any type, nested, with nulls anywhere.
 */
class TableDigestPropertyIT {

  private static final int TRIES = 20;

  /** A table as values. */
  record Table(StructType schema, List<Row> rows) {}

  @Property(tries = TRIES)
  void dependsNeitherOnTheOrderOfRowsNorOnPartitions(
      @ForAll("tables") Table table,
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 5) int n) {
    List<Row> shuffled = new ArrayList<>(table.rows());
    Collections.shuffle(shuffled, random);
    assertThat(digest(new Table(table.schema(), shuffled), n)).isEqualTo(digest(table, 1));
  }

  @Property(tries = TRIES)
  void takesEqualValuesForTheSame(@ForAll("tables") Table table) {
    List<Row> same = table.rows().stream().map(r -> (Row) twin(r)).toList();
    assertThat(digest(new Table(table.schema(), same), 1)).isEqualTo(digest(table, 1));
  }

  @Property(tries = TRIES)
  void addsUpOverAnyCut(@ForAll("tables") Table table, @ForAll @IntRange(max = 12) int at) {
    int cut = Math.min(at, table.rows().size());
    ContentDigest left = digest(new Table(table.schema(), table.rows().subList(0, cut)), 1);
    List<Row> rest = table.rows().subList(cut, table.rows().size());
    assertThat(left.plus(digest(new Table(table.schema(), rest), 2))).isEqualTo(digest(table, 1));
  }

  @Property(tries = TRIES)
  void noticesThatOneValueBecameNull(
      @ForAll("tables") Table table, @ForAll int row, @ForAll int column) {
    if (table.rows().isEmpty()) {
      return;
    }
    int r = Math.floorMod(row, table.rows().size());
    int c = Math.floorMod(column, table.schema().size());
    List<Row> changed = new ArrayList<>(table.rows());
    @Nullable Object[] values = new Object[table.schema().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == c ? null : table.rows().get(r).get(i);
    }
    changed.set(r, RowFactory.create(values));
    boolean wasNull = table.rows().get(r).isNullAt(c);
    assertThat(digest(new Table(table.schema(), changed), 1).equals(digest(table, 1)))
        .isEqualTo(wasNull);
  }

  private static ContentDigest digest(Table table, int partitions) {
    Dataset<Row> rows = TestSpark.session().createDataFrame(table.rows(), table.schema());
    Dataset<Row> spread = partitions == 1 ? rows.coalesce(1) : rows.repartition(partitions);
    return Small.interpreted(TestSpark.session(), () -> TableDigest.of(spread));
  }

  /** The same value in another guise: maps in another order, zero with its other sign. */
  private static @Nullable Object twin(@Nullable Object value) {
    if (value instanceof Row row) {
      @Nullable Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = twin(row.get(i));
      }
      return RowFactory.create(values);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> values = new ArrayList<>();
      list.forEach(v -> values.add(twin(v)));
      return values;
    }
    if (value instanceof Map<?, ?> map) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
      Collections.reverse(entries);
      Map<Object, @Nullable Object> turned = new LinkedHashMap<>();
      entries.forEach(e -> turned.put(e.getKey(), twin(e.getValue())));
      return turned;
    }
    if (value instanceof Double d) {
      return d == 0
          ? -d
          : Double.isNaN(d) ? (Object) Double.longBitsToDouble(0x7ff8000000000abcL) : d;
    }
    if (value instanceof Float f) {
      return f == 0 ? -f : f;
    }
    return value;
  }

  @Provide
  Arbitrary<Table> tables() {
    return types(2).list().ofMinSize(1).ofMaxSize(4).flatMap(TableDigestPropertyIT::table);
  }

  private static Arbitrary<Table> table(List<DataType> types) {
    StructType schema = struct(types);
    return row(types).list().ofMaxSize(12).map(rows -> new Table(schema, rows));
  }

  private static StructType struct(List<DataType> types) {
    StructField[] fields = new StructField[types.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = DataTypes.createStructField("c" + i, types.get(i), true);
    }
    return DataTypes.createStructType(fields);
  }

  private static Arbitrary<DataType> types(int depth) {
    Arbitrary<DataType> flat =
        Arbitraries.of(
            DataTypes.BooleanType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.StringType,
            DataTypes.BinaryType,
            DataTypes.DateType,
            DataTypes.TimestampType,
            DataTypes.createDecimalType(20, 3));
    if (depth == 0) {
      return flat;
    }
    Arbitrary<DataType> inner = types(depth - 1);
    return Arbitraries.oneOf(
        flat,
        flat,
        inner.map(DataTypes::createArrayType),
        inner.map(value -> DataTypes.createMapType(DataTypes.StringType, value)),
        inner.list().ofMinSize(1).ofMaxSize(3).map(TableDigestPropertyIT::struct));
  }

  private static Arbitrary<Row> row(List<DataType> types) {
    List<Arbitrary<Object>> values = types.stream().map(TableDigestPropertyIT::value).toList();
    return Combinators.combine(values).as(all -> RowFactory.create(all.toArray()));
  }

  private static Arbitrary<Object> value(DataType type) {
    return solid(type).injectNull(0.2);
  }

  private static Arbitrary<Object> solid(DataType type) {
    if (type instanceof ArrayType array) {
      return value(array.elementType()).list().ofMaxSize(3).asGeneric();
    }
    if (type instanceof MapType map) {
      return Arbitraries.maps(texts(), value(map.valueType())).ofMaxSize(3).asGeneric();
    }
    if (type instanceof StructType struct) {
      List<DataType> types = new ArrayList<>();
      for (StructField field : struct.fields()) {
        types.add(field.dataType());
      }
      return row(types).asGeneric();
    }
    return atom(type);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.of(
        "", " ", "a", "A", "ı", "İ", "NULL", "0", "\u0000", "\uD83D\uDE00", "a,b");
  }

  private static Arbitrary<Object> atom(DataType type) {
    return switch (type.typeName()) {
      case "boolean" -> Arbitraries.of(true, false).asGeneric();
      case "integer" -> Arbitraries.integers().asGeneric();
      case "long" -> Arbitraries.longs().asGeneric();
      case "float" -> Arbitraries.of(0f, -0f, 1.5f, Float.NaN, Float.MAX_VALUE).asGeneric();
      case "double" ->
          Arbitraries.of(0d, -0d, 0.1, Double.NaN, Double.NEGATIVE_INFINITY, 5e-324).asGeneric();
      case "string" -> texts().asGeneric();
      case "binary" -> Arbitraries.bytes().array(byte[].class).ofMaxSize(4).asGeneric();
      case "date" ->
          Arbitraries.integers()
              .between(0, 20_000)
              .map(d -> (Object) Date.valueOf(java.time.LocalDate.ofEpochDay(d)));
      case "timestamp" ->
          Arbitraries.longs().between(0, 2_000_000_000_000L).map(ms -> (Object) new Timestamp(ms));
      default ->
          Arbitraries.bigDecimals()
              .between(new BigDecimal("-1e6"), new BigDecimal("1e6"))
              .ofScale(3)
              .asGeneric();
    };
  }
}
