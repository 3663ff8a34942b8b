package io.mlpipeline.delta;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plain values as a Kernel column and back: a text, number, boolean or null as it is, dates and
 * timestamps as Kernel counts them, a struct as an {@code Object[]}, an array as a {@code List}, a
 * map as a {@code Map}.
 */
final class ObjectVector implements ColumnVector {

  private final DataType type;
  private final List<? extends @Nullable Object> values;

  ObjectVector(DataType type, List<? extends @Nullable Object> values) {
    this.type = type;
    this.values = values;
  }

  /** One value of any column. */
  static @Nullable Object read(ColumnVector vector, int row) {
    DataType type = vector.getDataType();
    if (vector.isNullAt(row)) {
      return null;
    }
    if (type instanceof StringType) {
      return vector.getString(row);
    }
    if (type instanceof IntegerType) {
      return vector.getInt(row);
    }
    if (type instanceof DoubleType) {
      return vector.getDouble(row);
    }
    if (type instanceof BooleanType) {
      return vector.getBoolean(row);
    }
    if (type instanceof StructType struct) {
      return readStruct(vector, row, struct);
    }
    if (type instanceof ArrayType) {
      return readAll(vector.getArray(row).getElements(), vector.getArray(row).getSize());
    }
    return type instanceof MapType ? readMap(vector.getMap(row)) : vector.getLong(row);
  }

  private static @Nullable Object[] readStruct(ColumnVector vector, int row, StructType struct) {
    @Nullable Object[] fields = new Object[struct.length()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = read(vector.getChild(i), row);
    }
    return fields;
  }

  private static List<@Nullable Object> readAll(ColumnVector elements, int size) {
    List<@Nullable Object> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(read(elements, i));
    }
    return list;
  }

  private static Map<@Nullable Object, @Nullable Object> readMap(MapValue map) {
    Map<@Nullable Object, @Nullable Object> read = new LinkedHashMap<>();
    for (int i = 0; i < map.getSize(); i++) {
      read.put(read(map.getKeys(), i), read(map.getValues(), i));
    }
    return read;
  }

  private Object at(int row) {
    return Objects.requireNonNull(values.get(row));
  }

  @Override
  public DataType getDataType() {
    return type;
  }

  @Override
  public int getSize() {
    return values.size();
  }

  @Override
  public void close() {}

  @Override
  public boolean isNullAt(int row) {
    return values.get(row) == null;
  }

  @Override
  public boolean getBoolean(int row) {
    return (Boolean) at(row);
  }

  @Override
  public int getInt(int row) {
    return (Integer) at(row);
  }

  @Override
  public long getLong(int row) {
    return (Long) at(row);
  }

  @Override
  public double getDouble(int row) {
    return (Double) at(row);
  }

  @Override
  public String getString(int row) {
    return (String) at(row);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    List<@Nullable Object> children = new ArrayList<>(values.size());
    for (Object value : values) {
      children.add(value == null ? null : ((Object[]) value)[ordinal]);
    }
    return new ObjectVector(((StructType) type).at(ordinal).getDataType(), children);
  }

  @Override
  public ArrayValue getArray(int row) {
    List<?> elements = (List<?>) at(row);
    ColumnVector vector = new ObjectVector(((ArrayType) type).getElementType(), elements);
    return new ArrayValue() {
      @Override
      public int getSize() {
        return elements.size();
      }

      @Override
      public ColumnVector getElements() {
        return vector;
      }
    };
  }

  @Override
  public MapValue getMap(int row) {
    Map<?, ?> map = (Map<?, ?>) at(row);
    MapType types = (MapType) type;
    ColumnVector keys = new ObjectVector(types.getKeyType(), new ArrayList<>(map.keySet()));
    ColumnVector mapped = new ObjectVector(types.getValueType(), new ArrayList<>(map.values()));
    return new MapValue() {
      @Override
      public int getSize() {
        return map.size();
      }

      @Override
      public ColumnVector getKeys() {
        return keys;
      }

      @Override
      public ColumnVector getValues() {
        return mapped;
      }
    };
  }
}
