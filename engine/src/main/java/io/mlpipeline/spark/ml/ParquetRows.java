package io.mlpipeline.spark.ml;

import com.fasterxml.jackson.core.JacksonException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * What is in one small Parquet file, read in this process: a Spark job for each would take longer
 * than everything else here. Rows are not kept.
 *
 * @param classes every class that the types of its columns name
 * @param hashes of each row, equal if and only if columns, types and values are
 */
record ParquetRows(List<Object> classes, List<String> hashes) {

  /** Where Spark keeps a table's schema, from which it makes objects of column types. */
  private static final String SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  /**
   * Reads a file.
   *
   * @throws JacksonException if the schema that Spark keeps in it is not JSON
   */
  static ParquetRows read(Configuration conf, Path file, Map<String, String> uids)
      throws IOException {
    List<Object> classes = classes(conf, file);
    List<String> hashes = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(conf).build()) {
      byte[] schema = new byte[0];
      for (Group row = reader.read(); row != null; row = reader.read()) {
        if (hashes.isEmpty()) {
          schema = schema(row.getType()).getBytes(StandardCharsets.UTF_8);
        }
        hashes.add(new Sha256().bytes(encoded(schema, row, uids)).hex());
      }
    }
    return new ParquetRows(classes, hashes);
  }

  private static List<Object> classes(Configuration conf, Path file) throws IOException {
    List<Object> classes = new ArrayList<>();
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      String schema = reader.getFileMetaData().getKeyValueMetaData().get(SCHEMA);
      if (schema != null) {
        MetadataJson.collect("class", MetadataJson.parse(schema), classes);
      }
    }
    return classes;
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

  private static byte[] encoded(byte[] schema, Group row, Map<String, String> uids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      writeBytes(out, schema);
      write(out, row, uids);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Group group, Map<String, String> uids)
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
      DataOutputStream out, Group group, int field, int index, Map<String, String> uids)
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

  private static byte[] binary(Type type, Binary value, Map<String, String> uids) {
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
