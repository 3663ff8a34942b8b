package io.mlpipeline.plan;

import io.mlpipeline.model.PinnedInput;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the ports of a step are bound to, and what stands in the way. */
final class Binding {

  private static final List<ReasonKind> WORST_FIRST =
      List.of(
          ReasonKind.UPSTREAM_FAILED,
          ReasonKind.INPUT_MISSING,
          ReasonKind.UPSTREAM_UNPUBLISHED,
          ReasonKind.UPSTREAM_PENDING);

  private final List<PinnedInput> bound = new ArrayList<>();
  private final Map<ReasonKind, Set<String>> blockers = new EnumMap<>(ReasonKind.class);

  void add(PinnedInput input) {
    bound.add(input);
  }

  void block(ReasonKind kind, String text) {
    blockers.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(text);
  }

  List<PinnedInput> bound() {
    return bound;
  }

  /** The worst of what stands in the way; null if nothing does. */
  @Nullable Reason stop() {
    for (ReasonKind kind : WORST_FIRST) {
      Set<String> texts = blockers.get(kind);
      if (texts != null) {
        String text =
            kind == ReasonKind.UPSTREAM_PENDING
                ? "waits for " + String.join(", ", texts)
                : String.join("; ", texts);
        return new Reason(kind, text, List.of());
      }
    }
    return null;
  }
}
