package io.mlpipeline.model;

import java.util.List;

/**
 * What decides reuse: a SHA-256 over the canonical, length-prefixed, versioned encoding of its
 * ingredients.
 *
 * @param sha256 64 hex digits
 * @param ingredients what went in, sorted by kind and name
 */
public record Fingerprint(String sha256, List<Ingredient> ingredients) {

  public Fingerprint {
    ingredients = List.copyOf(ingredients);
  }
}
