package io.mlpipeline.steps.sample;

/**
 * Random numbers that are functions of a key: nothing depends on the order of the questions, so a
 * customer or an event can be made again at any time instead of being kept in memory.
 *
 * <p>The mixing function is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014). {@link StrictMath} keeps every platform equal.
 */
final class KeyedRandom {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  KeyedRandom(long seed) {
    this.seed = mix(seed + GOLDEN);
  }

  /** 64 bits for what is asked of a thing. */
  long bits(int question, long thing) {
    return mix(mix(seed + GOLDEN * (question + 1L)) + GOLDEN * (thing + 1));
  }

  /** Uniform in [0, 1). */
  double uniform(int question, long thing) {
    return (bits(question, thing) >>> 11) * 0x1.0p-53;
  }

  /** Uniform in 0 .. bound - 1. */
  long below(long bound, int question, long thing) {
    return (long) (uniform(question, thing) * bound);
  }

  /** Nearly normal, mean 0 and variance 1: twelve uniforms of five bits and more each. */
  double normal(int question, long thing) {
    double sum = -6;
    long word = bits(question, thing);
    for (int i = 0; i < 12; i++) {
      if (i == 6) {
        word = mix(word + GOLDEN);
      }
      sum += ((word & 0x3FF) + 0.5) / 1024;
      word >>>= 10;
    }
    return sum;
  }

  /** 1 / (1 + e^-x). */
  static double logistic(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
