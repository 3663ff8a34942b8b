package io.mlpipeline.config;

import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects problems, from any thread; the same one is kept once. */
final class Problems {

  private final Set<Problem> all = new LinkedHashSet<>();

  void add(SourceLocation at, String message) {
    add(at, message, null);
  }

  synchronized void add(SourceLocation at, String message, @Nullable String suggestion) {
    all.add(new Problem(at, message, suggestion));
  }

  synchronized void addAll(Collection<Problem> others) {
    all.addAll(others);
  }

  synchronized boolean isEmpty() {
    return all.isEmpty();
  }

  /** By file, then line, then in the order of discovery. */
  synchronized List<Problem> sorted() {
    List<Problem> list = new ArrayList<>(all);
    if (list.size() > 1) {
      list.sort(
          Comparator.comparing((Problem p) -> p.at().file()).thenComparingInt(p -> p.at().line()));
    }
    return list;
  }
}
