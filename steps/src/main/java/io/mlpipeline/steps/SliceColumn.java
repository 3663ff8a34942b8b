package io.mlpipeline.steps;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A column that divides the rows into slices, by value. */
final class SliceColumn {

  private static final int MOST_SLICES = 1000;

  private final String name;
  private final Map<String, Integer> ids = new HashMap<>();
  private int[] idOfRow = new int[1024];
  private int rows;

  SliceColumn(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The value of the next row. */
  void add(String value) {
    int id = ids.computeIfAbsent(value, v -> ids.size());
    if (ids.size() > MOST_SLICES) {
      throw ScoreReader.failed(
          "slices: column "
              + name
              + " has more than "
              + MOST_SLICES
              + " values: group them before");
    }
    if (rows == idOfRow.length) {
      idOfRow = Arrays.copyOf(idOfRow, 2 * rows);
    }
    idOfRow[rows++] = id;
  }

  /** The indexes of the rows by value. */
  SortedMap<String, int[]> rowsByValue() {
    int[] sizes = new int[ids.size()];
    for (int row = 0; row < rows; row++) {
      sizes[idOfRow[row]]++;
    }
    int[][] indexes = new int[sizes.length][];
    Arrays.setAll(indexes, id -> new int[sizes[id]]);
    Arrays.fill(sizes, 0);
    for (int row = 0; row < rows; row++) {
      int id = idOfRow[row];
      indexes[id][sizes[id]++] = row;
    }
    SortedMap<String, int[]> byValue = new TreeMap<>();
    ids.forEach((value, id) -> byValue.put(value, indexes[id]));
    return Collections.unmodifiableSortedMap(byValue);
  }
}
