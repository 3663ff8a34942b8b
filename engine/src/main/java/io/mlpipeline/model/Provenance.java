package io.mlpipeline.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where what an input port is bound to comes from.
 *
 * @param label what it is, for people: {@code churn/features@v3}, {@code churn@1.4.0}
 * @param recipes of a table the recipe of the step that made it, if that is known; of a model those
 *     of every step that led to it, from the sources on
 * @param contents of a model the contents that these steps made, by identity; empty for a table
 * @param trainedOn the table that a model learned from; null if nobody knows, and for a table
 */
public record Provenance(
    String label,
    List<StepRecipe> recipes,
    Set<String> contents,
    @Nullable LineageInput trainedOn) {

  public Provenance {
    recipes = List.copyOf(recipes);
    contents = Set.copyOf(contents);
  }
}
