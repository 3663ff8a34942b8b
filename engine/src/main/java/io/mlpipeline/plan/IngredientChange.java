package io.mlpipeline.plan;

import org.jspecify.annotations.Nullable;

/**
 * One ingredient that differs.
 *
 * @param label such as {@code params.max-iter}
 * @param before the old value; null if it was not there
 * @param after the new value; null if it is not there
 */
public record IngredientChange(String label, @Nullable String before, @Nullable String after) {}
