package io.mlpipeline.model;

/**
 * By how much a setting changes: multiplied where more of it takes less memory, else divided.
 *
 * @param setting what changes
 * @param factor by what; at least 2
 */
public record RuntimeChange(RuntimeSetting setting, long factor) {

  private static final long MOST = 1L << 40;

  public RuntimeChange {
    if (factor < 2) {
      throw new IllegalArgumentException("a factor of " + factor + " changes nothing");
    }
  }

  /** The same change made so many times over. */
  public RuntimeChange times(int times) {
    long all = 1;
    for (int i = 0; i < times && all < MOST; i++) {
      all *= factor;
    }
    return new RuntimeChange(setting, all);
  }

  /** The value after the change, within the setting's bounds; one that is off stays off. */
  public long after(long before) {
    if (before <= 0) {
      return before;
    }
    if (setting.grows()) {
      long most = Math.max(before, setting.most());
      return before > most / factor ? most : before * factor;
    }
    return Math.max(Math.min(before, setting.least()), before / factor);
  }

  /** Such as {@code shuffle-partitions x4}. */
  @Override
  public String toString() {
    return setting.word() + " " + (setting.grows() ? "x" : "/") + factor;
  }
}
