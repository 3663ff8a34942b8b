package io.mlpipeline.spark.drift;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The distribution of many numbers in a few thousand of them: the sketch of Karnin, Lang and
 * Liberty, "Optimal Quantile Approximation in Streams" (FOCS 2016). A level holds numbers of twice
 * the weight of the level below; a full level is sorted, and every second number goes up.
 *
 * <p>Which half goes up is drawn from the numbers themselves and not from a random source, so that
 * the same numbers in the same order give the same sketch, and a gate the same verdict. (The
 * sketches of Deequ and of Apache DataSketches, which are on the class path, draw from an unseeded
 * source.) Exact up to {@value #WIDTH} numbers; beyond, the share of numbers below any value is
 * right within 0.002, ninety-nine times in a hundred. Not safe for several threads.
 */
final class QuantileSketch {

  /** Numbers in the lowest and in the highest level. */
  static final int WIDTH = 2048;

  private static final int NARROWEST = 64;
  private static final double NARROWER = 2.0 / 3.0;
  private static final int MOST_LEVELS = 60;

  private double[][] levels = {new double[NARROWEST]};
  private int[] sizes = {0};
  private long count;

  /** Adds a number; neither NaN nor, so that it has one form, -0.0. */
  void add(double value) {
    if (sizes[0] == WIDTH) {
      settle(0);
    }
    put(0, value);
    count++;
  }

  long count() {
    return count;
  }

  /** Takes in what another sketch has seen, and leaves that one as it is. */
  void merge(QuantileSketch other) {
    for (int level = 0; level < other.levels.length; level++) {
      reach(level);
      for (int i = 0; i < other.sizes[level]; i++) {
        put(level, other.levels[level][i]);
      }
    }
    count += other.count;
    for (int level = 0; level < levels.length; level++) {
      if (sizes[level] > capacity(level)) {
        settle(level);
      }
    }
  }

  private int capacity(int level) {
    int top = levels.length - 1;
    if (level == 0 || level == top) {
      return WIDTH;
    }
    return Math.max(NARROWEST, (int) Math.ceil(WIDTH * Math.pow(NARROWER, (double) top - level)));
  }

  private void reach(int level) {
    if (level >= levels.length) {
      levels = Arrays.copyOf(levels, level + 1);
      sizes = Arrays.copyOf(sizes, level + 1);
      for (int i = 0; i <= level; i++) {
        levels[i] = levels[i] == null ? new double[NARROWEST] : levels[i];
      }
    }
  }

  private void put(int level, double value) {
    double[] held = levels[level];
    if (sizes[level] == held.length) {
      held = Arrays.copyOf(held, 2 * held.length);
      levels[level] = held;
    }
    held[sizes[level]++] = value;
  }

  /** Halves a level: an odd number stays behind, so that no weight is lost. */
  private void settle(int level) {
    reach(level + 1);
    double[] held = levels[level];
    int size = sizes[level];
    Arrays.sort(held, 0, size);
    int even = size & ~1;
    for (int i = coin(held, size, level); i < even; i += 2) {
      put(level + 1, held[i]);
    }
    sizes[level] = 0;
    if (even < size) {
      put(level, held[even]);
    }
    if (sizes[level + 1] > capacity(level + 1)) {
      settle(level + 1);
    }
  }

  private int coin(double[] held, int size, int level) {
    long bits = count * 0x9E3779B97F4A7C15L + level;
    for (int i = 0; i < size; i++) {
      bits ^= Double.doubleToLongBits(held[i]);
    }
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return (int) ((bits ^ (bits >>> 31)) & 1);
  }

  /** The numbers in order, each with the weight of all up to it. */
  Ranks ranks() {
    int held = Arrays.stream(sizes).sum();
    Weighted[] all = new Weighted[held];
    int at = 0;
    for (int level = 0; level < levels.length; level++) {
      for (int i = 0; i < sizes[level]; i++) {
        all[at++] = new Weighted(levels[level][i], 1L << level);
      }
    }
    Arrays.sort(all, (a, b) -> Double.compare(a.value, b.value));
    double[] values = new double[held];
    long[] weights = new long[held];
    int size = 0;
    long sum = 0;
    for (Weighted one : all) {
      sum += one.weight;
      if (size == 0 || values[size - 1] != one.value) {
        values[size++] = one.value;
      }
      weights[size - 1] = sum;
    }
    return new Ranks(Arrays.copyOf(values, size), Arrays.copyOf(weights, size));
  }

  private record Weighted(double value, long weight) {}

  void write(DataOutput out) throws IOException {
    out.writeLong(count);
    out.writeByte(levels.length);
    for (int level = 0; level < levels.length; level++) {
      out.writeInt(sizes[level]);
      for (int i = 0; i < sizes[level]; i++) {
        out.writeDouble(levels[level][i]);
      }
    }
  }

  static QuantileSketch read(DataInput in) throws IOException {
    QuantileSketch sketch = new QuantileSketch();
    sketch.count = in.readLong();
    int height = in.readByte();
    if (height < 1 || height > MOST_LEVELS) {
      throw new IOException("a sketch of " + height + " levels");
    }
    for (int level = 0; level < height; level++) {
      sketch.reach(level);
      int size = in.readInt();
      for (int i = 0; i < size; i++) {
        sketch.put(level, in.readDouble());
      }
    }
    return sketch;
  }
}
