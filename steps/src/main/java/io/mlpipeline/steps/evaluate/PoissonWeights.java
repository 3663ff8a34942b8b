package io.mlpipeline.steps.evaluate;

/** How often each thing counts in a resample: Poisson numbers of mean 1, to 16 bits. */
final class PoissonWeights {

  private static final byte[] BY_UNIFORM = table();

  private PoissonWeights() {}

  static byte[] draw(SplitMix random, int count) {
    byte[] weights = new byte[count];
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = (i & 3) == 0 ? random.next() : bits >>> 16;
      weights[i] = BY_UNIFORM[(int) bits & 0xFFFF];
    }
    return weights;
  }

  /** The numbers that the distribution function of Poisson(1) says, at 65,536 steps. */
  private static byte[] table() {
    byte[] table = new byte[1 << 16];
    double probability = StrictMath.exp(-1);
    double below = probability;
    byte number = 0;
    for (int i = 0; i < table.length; i++) {
      while ((i + 0.5) / table.length > below) {
        number++;
        probability /= number;
        below += probability;
      }
      table[i] = number;
    }
    return table;
  }
}
