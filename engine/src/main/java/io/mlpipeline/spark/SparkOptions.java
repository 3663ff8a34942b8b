package io.mlpipeline.spark;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a session of our own is started. Nothing in here may decide results: what does is set for
 * every attempt by {@link io.mlpipeline.model.Platform#SETTINGS}, whatever is said here.
 *
 * @param appName the application's name
 * @param parallel how many steps run at once; with more than one they share the cores fairly
 * @param conf Spark's settings by name; they win over our defaults
 */
public record SparkOptions(String appName, int parallel, Map<String, String> conf) {

  public SparkOptions {
    conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
  }
}
