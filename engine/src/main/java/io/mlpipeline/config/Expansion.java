package io.mlpipeline.config;

import io.mlpipeline.config.Layout.Placed;
import io.mlpipeline.config.Outline.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates from above how much text substitutions expand to, before anything is resolved: ten
 * lines can ask for a gigabyte.
 */
final class Expansion {

  static final long LARGEST = 4L << 20;
  private static final long PER_VALUE = 16;

  private final Layout layout;
  private final Map<String, Long> sizes = new HashMap<>();

  private Expansion(Layout layout) {
    this.layout = layout;
  }

  /** Whether the files are small enough to be resolved. */
  static boolean isBounded(Layout layout) {
    Expansion expansion = new Expansion(layout);
    long total = 0;
    for (List<Placed> places : layout.all()) {
      for (Placed placed : places) {
        total = plus(total, expansion.size(placed));
      }
    }
    return total <= LARGEST;
  }

  private long size(Placed placed) {
    boolean refers = !placed.entry().references.isEmpty();
    long size = placed.entry().literal + (refers ? 0 : PER_VALUE);
    for (Reference reference : placed.entry().references) {
      size = plus(size, size(reference.path()));
    }
    return size;
  }

  private long size(String path) {
    Long known = sizes.get(path);
    if (known != null) {
      return known;
    }
    // What refers to itself sees what was before it: the sum so far. The resolver reports cycles.
    sizes.put(path, 0L);
    long size = 0;
    for (Placed placed : layout.related(path)) {
      size = plus(size, size(placed));
      sizes.put(path, size);
    }
    return size;
  }

  private static long plus(long a, long b) {
    return Math.min(LARGEST + 1, a + b);
  }
}
