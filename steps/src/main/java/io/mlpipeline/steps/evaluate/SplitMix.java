package io.mlpipeline.steps.evaluate;

/**
 * Keyed 64-bit random numbers (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014): equal on every platform and in every version of Java.
 */
final class SplitMix {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  /** The numbers of one thing under a seed. */
  SplitMix(long seed, long thing) {
    this.state = mix(mix(seed + GOLDEN) + GOLDEN * (thing + 1));
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** A hash of a hash and one more number. */
  static long mix(long hash, long more) {
    return mix(hash + GOLDEN + mix(more + GOLDEN));
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
