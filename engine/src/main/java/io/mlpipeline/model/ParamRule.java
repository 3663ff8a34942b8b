package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one key of a param may hold.
 *
 * @param kind its type
 * @param allowed the values, as a {@link ParamTable} writes them; empty if all of the type
 * @param meaning what it is for, in a few words; may be empty
 */
public record ParamRule(Kind kind, String allowed, String meaning) {

  private static final int LONGEST = 120;

  /** The types of values. */
  public enum Kind {
    INT("a whole number"),
    DOUBLE("a finite number"),
    BOOLEAN("true or false"),
    TEXT("one value"),
    /** Text whose upper and lower case do not matter. */
    WORD("one value"),
    /** Whole numbers in a list, or in one text between blanks or commas. */
    INTS("whole numbers"),
    /** Numbers, as {@link #INTS}. */
    DOUBLES("finite numbers");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }

    private boolean isText() {
      return this == TEXT || this == WORD;
    }
  }

  /** Throws {@link IllegalArgumentException} if what is allowed cannot be read. */
  public ParamRule {
    ParamBounds.parse(allowed);
  }

  /** Whether it holds one whole number. */
  public boolean isWhole() {
    return kind == Kind.INT;
  }

  /**
   * What is wrong with a value; null if it is fine.
   *
   * @param name how the key is called in the message
   */
  @Nullable ParamProblem problem(String name, List<String> written) {
    String shown = name + " is " + shown(written);
    try {
      value(written);
    } catch (NumberFormatException e) {
      return new ParamProblem(shown + "; it must be " + kind.shown, null);
    }
    ParamBounds bounds = ParamBounds.parse(allowed);
    List<String> texts = texts(written);
    if (kind == Kind.WORD ? bounds.allowWord(texts.get(0)) : bounds.allow(texts)) {
      return null;
    }
    String wanted = shown + "; it must be " + bounds;
    if (kind.isText()) {
      String near = Suggestions.didYouMean(texts.get(0), bounds.values());
      return new ParamProblem(bounds.onlyValues() ? wanted : explained(wanted), near);
    }
    return new ParamProblem(explained(wanted), null);
  }

  private static String shown(List<String> written) {
    String all = written.size() == 1 ? written.get(0) : written.toString();
    return all.length() <= LONGEST ? all : all.substring(0, LONGEST) + "...";
  }

  private String explained(String wanted) {
    return meaning.isEmpty() ? wanted : wanted + ": " + meaning;
  }

  /**
   * A value of its type: an {@code Integer}, {@code Double}, {@code Boolean}, {@code String},
   * {@code int[]} or {@code double[]}.
   *
   * @throws NumberFormatException if it is not of the type
   */
  public Object value(List<String> written) {
    List<String> texts = texts(written);
    return switch (kind) {
      case INTS -> texts.stream().mapToInt(Integer::parseInt).toArray();
      case DOUBLES -> texts.stream().mapToDouble(ParamRule::finite).toArray();
      case INT -> Integer.valueOf(one(texts));
      case DOUBLE -> finite(one(texts));
      case BOOLEAN -> truth(one(texts));
      case TEXT, WORD -> one(texts);
    };
  }

  private List<String> texts(List<String> written) {
    List<String> texts = new ArrayList<>();
    boolean many = kind == Kind.INTS || kind == Kind.DOUBLES;
    for (String text : written) {
      texts.addAll(many ? Arrays.asList(text.strip().split("[\\s,]+", -1)) : List.of(text.strip()));
    }
    return texts;
  }

  private static String one(List<String> texts) {
    if (texts.size() != 1) {
      throw new NumberFormatException("not one value");
    }
    return texts.get(0);
  }

  private static double finite(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new NumberFormatException(text);
    }
    return text.equals("true");
  }
}
