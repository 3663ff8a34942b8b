package io.mlpipeline.plan;

import java.util.List;

/**
 * Why a step is decided as it is.
 *
 * @param kind the sort of reason
 * @param text a sentence for people, such as {@code params.max-iter 10 -> 20}
 * @param changes what differs, old against new; empty unless ingredients or gates changed
 */
public record Reason(ReasonKind kind, String text, List<IngredientChange> changes) {

  public Reason {
    changes = List.copyOf(changes);
  }
}
