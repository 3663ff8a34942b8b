package io.mlpipeline.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a step made what it made, apart from what it read: its code and its params. Equal recipes
 * make equal rows of equal inputs.
 *
 * @param step the step's name in its pipeline; no part of the recipe itself
 * @param ingredients value by label, such as {@code params.query}
 */
public record StepRecipe(String step, SortedMap<String, String> ingredients) {

  private static final Set<Ingredient.Kind> KINDS =
      EnumSet.of(Ingredient.Kind.STEP_TYPE, Ingredient.Kind.CODE, Ingredient.Kind.PARAM);

  public StepRecipe {
    ingredients = Collections.unmodifiableSortedMap(new TreeMap<>(ingredients));
  }

  /** The recipe of what an attempt left. */
  public static StepRecipe of(ReuseEntry entry) {
    SortedMap<String, String> ingredients = new TreeMap<>();
    for (Ingredient one : entry.fingerprint().ingredients()) {
      if (KINDS.contains(one.kind())) {
        ingredients.put(one.label(), one.value());
      }
    }
    return new StepRecipe(entry.step(), ingredients);
  }

  /** Whether both make the same of the same. */
  public boolean isLike(StepRecipe other) {
    return ingredients.equals(other.ingredients);
  }
}
