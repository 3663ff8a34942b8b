package io.mlpipeline.delta;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of a log action, built field by field. */
final class ActionRow implements Row {

  private final StructType schema;
  private final @Nullable Object[] values;

  ActionRow(StructType schema) {
    this.schema = schema;
    this.values = new Object[schema.length()];
  }

  /** A copy of a row that has at least the fields it shares with the schema. */
  static ActionRow copyOf(Row row, StructType schema) {
    ActionRow copy = new ActionRow(schema);
    for (int i = 0; i < schema.length(); i++) {
      int from = row.getSchema().indexOf(schema.at(i).getName());
      if (from >= 0 && !row.isNullAt(from)) {
        copy.values[i] = value(row, from, schema.at(i).getDataType());
      }
    }
    return copy;
  }

  private static Object value(Row row, int ordinal, DataType type) {
    return switch (type.toString()) {
      case "string" -> row.getString(ordinal);
      case "long" -> row.getLong(ordinal);
      case "integer" -> row.getInt(ordinal);
      case "boolean" -> row.getBoolean(ordinal);
      default -> type instanceof StructType ? row.getStruct(ordinal) : row.getMap(ordinal);
    };
  }

  ActionRow with(String field, @Nullable Object value) {
    values[schema.indexOf(field)] = value;
    return this;
  }

  @Override
  public StructType getSchema() {
    return schema;
  }

  @Override
  public boolean isNullAt(int ordinal) {
    return values[ordinal] == null;
  }

  private <T> T at(int ordinal, Class<T> type) {
    return type.cast(Objects.requireNonNull(values[ordinal], () -> schema.at(ordinal).getName()));
  }

  @Override
  public boolean getBoolean(int ordinal) {
    return at(ordinal, Boolean.class);
  }

  @Override
  public byte getByte(int ordinal) {
    return at(ordinal, Byte.class);
  }

  @Override
  public short getShort(int ordinal) {
    return at(ordinal, Short.class);
  }

  @Override
  public int getInt(int ordinal) {
    return at(ordinal, Integer.class);
  }

  @Override
  public long getLong(int ordinal) {
    return at(ordinal, Long.class);
  }

  @Override
  public float getFloat(int ordinal) {
    return at(ordinal, Float.class);
  }

  @Override
  public double getDouble(int ordinal) {
    return at(ordinal, Double.class);
  }

  @Override
  public String getString(int ordinal) {
    return at(ordinal, String.class);
  }

  @Override
  public BigDecimal getDecimal(int ordinal) {
    return at(ordinal, BigDecimal.class);
  }

  @Override
  public byte[] getBinary(int ordinal) {
    return at(ordinal, byte[].class);
  }

  @Override
  public Row getStruct(int ordinal) {
    return at(ordinal, Row.class);
  }

  @Override
  public ArrayValue getArray(int ordinal) {
    return at(ordinal, ArrayValue.class);
  }

  @Override
  public MapValue getMap(int ordinal) {
    return at(ordinal, MapValue.class);
  }
}
