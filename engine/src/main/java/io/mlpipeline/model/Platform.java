package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The versions and session settings that decide results; all of them are ingredients. */
public final class Platform {

  /** Raised when a fix of ours changes results, so that nothing older is reused. */
  public static final int ENGINE_SEMANTICS = 2;

  /** Spark, major and minor. */
  public static final String SPARK = "3.5";

  /** Delta, major and minor, of the Kernel that commits. */
  public static final String DELTA = "4.0";

  /** The settings that every attempt's session is given. */
  public static final SortedMap<String, String> SETTINGS = settings();

  private Platform() {}

  private static SortedMap<String, String> settings() {
    SortedMap<String, String> map = new TreeMap<>();
    map.put("spark.sql.session.timeZone", "UTC");
    map.put("spark.sql.ansi.enabled", "false");
    map.put("spark.sql.caseSensitive", "false");
    map.put("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    map.put("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    map.put("spark.sql.storeAssignmentPolicy", "ANSI");
    map.put("spark.sql.sources.partitionColumnTypeInference.enabled", "false");
    map.put("spark.sql.files.ignoreMissingFiles", "false");
    map.put("spark.sql.files.ignoreCorruptFiles", "false");
    return Collections.unmodifiableSortedMap(map);
  }
}
