package io.mlpipeline.spark.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The identity of a schema: 16 hex digits of SHA-256 over the names, order and types of its
 * columns, nested ones included. Nullability, comments and other metadata are not part of it.
 * Deterministic, and equal in every version of the engine: stored digests contain it.
 */
public final class SchemaDigest {

  private SchemaDigest() {}

  /** The digest of a schema. */
  public static String of(StructType schema) {
    DataType bare = Schemas.bare(schema);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(bare.json().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
