package io.mlpipeline.steps.evaluate;

/** Sorts numbers by keys without boxing them. */
final class KeyOrder {

  private static final int DIGITS = 1 << 16;

  private KeyOrder() {}

  /** Where the keys are in ascending order, as unsigned numbers; equal ones as they lie. */
  static int[] ascending(long[] keys) {
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int[] other = new int[keys.length];
    for (int shift = 0; shift < Long.SIZE; shift += 16) {
      int[] starts = starts(keys, shift);
      if (starts.length == 0) {
        continue;
      }
      for (int index : order) {
        other[starts[digit(keys[index], shift)]++] = index;
      }
      int[] done = other;
      other = order;
      order = done;
    }
    return order;
  }

  /** Where each digit begins; empty if all keys have the same one. */
  private static int[] starts(long[] keys, int shift) {
    int[] counts = new int[DIGITS];
    for (long key : keys) {
      counts[digit(key, shift)]++;
    }
    int start = 0;
    for (int i = 0; i < DIGITS; i++) {
      if (counts[i] == keys.length) {
        return new int[0];
      }
      int count = counts[i];
      counts[i] = start;
      start += count;
    }
    return counts;
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (DIGITS - 1);
  }
}
