package io.mlpipeline.spark.ml;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * The rows of one small Parquet file, read in this process: a Spark job for each would take longer
 * than everything else here.
 */
final class ParquetRows {

  private final String schema;
  private final List<Group> rows;

  private ParquetRows(String schema, List<Group> rows) {
    this.schema = schema;
    this.rows = rows;
  }

  static ParquetRows read(Configuration conf, Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(conf).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return new ParquetRows(rows.isEmpty() ? "" : schema(rows.get(0).getType()), rows);
  }

  /** Not Parquet's own text for it, which depends on the language of the machine. */
  private static String schema(GroupType type) {
    StringBuilder text = new StringBuilder();
    for (Type field : type.getFields()) {
      text.append(field.getName()).append(' ').append(field.getRepetition().name()).append(' ');
      text.append(
          field.isPrimitive()
              ? field.asPrimitiveType().getPrimitiveTypeName().name()
              : "(" + schema(field.asGroupType()) + ")");
      text.append(';');
    }
    return text.toString();
  }

  /** Each row as bytes that are equal if and only if columns, types and values are. */
  List<byte[]> encoded(Set<String> uids) {
    return rows.stream().map(row -> encoded(row, uids)).toList();
  }

  private byte[] encoded(Group row, Set<String> uids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      writeBytes(out, schema.getBytes(StandardCharsets.UTF_8));
      write(out, row, uids);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Group group, Set<String> uids)
      throws IOException {
    GroupType type = group.getType();
    for (int field = 0; field < type.getFieldCount(); field++) {
      int count = group.getFieldRepetitionCount(field);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        if (type.getType(field).isPrimitive()) {
          writeAtom(out, group, field, i, uids);
        } else {
          write(out, group.getGroup(field, i), uids);
        }
      }
    }
  }

  private static void writeAtom(
      DataOutputStream out, Group group, int field, int index, Set<String> uids)
      throws IOException {
    Type type = group.getType().getType(field);
    switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> out.writeInt(group.getInteger(field, index));
      case INT64 -> out.writeLong(group.getLong(field, index));
      case BOOLEAN -> out.writeBoolean(group.getBoolean(field, index));
      case FLOAT -> out.writeInt(Float.floatToIntBits(group.getFloat(field, index)));
      case DOUBLE -> out.writeLong(Double.doubleToLongBits(group.getDouble(field, index)));
      case INT96 -> writeBytes(out, group.getInt96(field, index).getBytes());
      default -> writeBytes(out, binary(type, group.getBinary(field, index), uids));
    }
  }

  private static byte[] binary(Type type, Binary value, Set<String> uids) {
    boolean isText = LogicalTypeAnnotation.stringType().equals(type.getLogicalTypeAnnotation());
    return isText
        ? MetadataJson.normalizedText(value.toStringUsingUTF8(), uids)
            .getBytes(StandardCharsets.UTF_8)
        : value.getBytes();
  }

  private static void writeBytes(DataOutputStream out, byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }
}
