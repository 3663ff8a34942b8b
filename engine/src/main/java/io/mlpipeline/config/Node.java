package io.mlpipeline.config;

import io.mlpipeline.model.SourceLocation;
import java.util.List;
import java.util.Map;

/**
 * A resolved value with its place; everything past this knows nothing of Typesafe Config.
 *
 * @param kind what it is
 * @param path its key from the root, as people write it
 * @param at where it was written
 * @param text a scalar's text as written, so that {@code 1.10} stays that
 * @param members an object's members in the order they were written
 * @param elements a list's elements
 */
record Node(
    Kind kind,
    String path,
    SourceLocation at,
    String text,
    Map<String, Node> members,
    List<Node> elements) {

  /** What a value is. */
  enum Kind {
    OBJECT("an object"),
    LIST("a list"),
    TEXT("text"),
    NUMBER("a number"),
    BOOLEAN("a boolean"),
    NULL("null"),
    /** Could not be resolved, which was reported. */
    BROKEN("unresolved");

    final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  boolean isScalar() {
    return kind == Kind.TEXT || kind == Kind.NUMBER || kind == Kind.BOOLEAN;
  }
}
