package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Puts rows into buckets by a hash of their keys: a key is always in the same one, whatever other
 * rows there are and whatever the cluster's size. Values are hashed as text, so a column that grows
 * from {@code int} to {@code bigint} moves nobody.
 */
public final class KeyBuckets {

  /** How many buckets there are: a share can be had in steps of a hundredth of a percent. */
  public static final int ALL = 10_000;

  private KeyBuckets() {}

  /** The bucket of a row, from 0 up to below {@link #ALL}; another seed is another division. */
  public static Column of(List<Column> keys, long seed) {
    List<Column> atoms = new ArrayList<>();
    keys.forEach(key -> atoms.add(key.cast(DataTypes.StringType)));
    atoms.add(lit(seed));
    return pmod(xxhash64(atoms.toArray(Column[]::new)), lit((long) ALL));
  }
}
