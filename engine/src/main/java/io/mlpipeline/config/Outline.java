package io.mlpipeline.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a HOCON text looks like before anything is merged: its keys in the order they were written,
 * with lines. Typesafe Config forgets order, duplicates and most of the lines.
 */
final class Outline {

  final List<Item> items = new ArrayList<>();

  /** Why the text is refused; null if it is not. */
  @Nullable Refusal refusal;

  /** The line where the text is not as expected, so that nothing after it is known; else 0. */
  int irregularLine;

  /** A key, an element of a list, or an include. */
  interface Item {}

  /** A key or an element of a list, with what its own value is made of. */
  static final class Entry implements Item {
    final String path;
    final int line;
    final boolean element;
    boolean append;
    int literal;
    int elements;
    final List<Reference> references = new ArrayList<>(0);

    Entry(String path, int line, boolean element) {
      this.path = path;
      this.line = line;
      this.element = element;
    }

    /** Whether writing the key again is the HOCON idiom and not a slip. */
    boolean mayRepeat() {
      return append || (literal == 0 && references.size() == 1 && references.get(0).optional());
    }
  }

  /** An include statement; the file is known once it was read. */
  static final class Include implements Item {
    final String under;
    final int line;
    @Nullable Source target;

    Include(String under, int line) {
      this.under = under;
      this.line = line;
    }
  }

  /** A substitution. */
  record Reference(String path, boolean optional, int line) {}

  /** Why a text is refused without parsing it. */
  record Refusal(int line, String message, String suggestion) {}
}
