package io.mlpipeline.spark.drift;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the numbers of a column are distributed. Filled by one thread, then only read. */
final class NumberProfile {

  private final QuantileSketch sketch;
  private long nulls;
  private long notNumbers;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  NumberProfile() {
    this(new QuantileSketch());
  }

  private NumberProfile(QuantileSketch sketch) {
    this.sketch = sketch;
  }

  void addNull() {
    nulls++;
  }

  void add(double value) {
    if (Double.isNaN(value)) {
      notNumbers++;
      return;
    }
    double plain = value + 0.0; // makes -0.0 the same as 0.0
    min = Math.min(min, plain);
    max = Math.max(max, plain);
    sketch.add(plain);
  }

  void merge(NumberProfile other) {
    nulls += other.nulls;
    notNumbers += other.notNumbers;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    sketch.merge(other.sketch);
  }

  /** All rows, those without a number included. */
  long rows() {
    return nulls + notNumbers + sketch.count();
  }

  long nulls() {
    return nulls;
  }

  long notNumbers() {
    return notNumbers;
  }

  /** The smallest number, exactly; positive infinity if there is none. */
  double min() {
    return min;
  }

  /** The largest number, exactly; negative infinity if there is none. */
  double max() {
    return max;
  }

  Ranks ranks() {
    return sketch.ranks();
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(nulls);
    out.writeLong(notNumbers);
    out.writeDouble(min);
    out.writeDouble(max);
    sketch.write(out);
  }

  static NumberProfile read(DataInput in) throws IOException {
    long nulls = in.readLong();
    long notNumbers = in.readLong();
    double min = in.readDouble();
    double max = in.readDouble();
    NumberProfile profile = new NumberProfile(QuantileSketch.read(in));
    profile.nulls = nulls;
    profile.notNumbers = notNumbers;
    profile.min = min;
    profile.max = max;
    return profile;
  }
}
