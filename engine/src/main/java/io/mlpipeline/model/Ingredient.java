package io.mlpipeline.model;

/**
 * One thing that a fingerprint was made of; kept so that a miss can be explained.
 *
 * @param kind what sort of thing
 * @param name which one, such as {@code max-iter}; empty where there is only one of the kind
 * @param value the value as canonical text, or a digest of it
 */
public record Ingredient(Kind kind, String name, String value) {

  /** The sorts of ingredients, in the order in which a change of them is explained. */
  public enum Kind {
    STEP_TYPE("uses"),
    CODE("code"),
    PARAM("params"),
    INPUT("input"),
    OUTPUT("output"),
    SCHEMA("schema"),
    SETTING("setting"),
    PLATFORM("platform");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word that people see. */
    public String label() {
      return label;
    }
  }

  /** The name that people see, such as {@code params.max-iter}. */
  public String label() {
    return name.isEmpty() ? kind.label() : kind.label() + "." + name;
  }
}
