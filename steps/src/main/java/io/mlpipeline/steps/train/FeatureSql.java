package io.mlpipeline.steps.train;

import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.List;

/** The one statement that makes numbers, texts of categories, and words of raw columns. */
final class FeatureSql {

  static final String MISSING = "missing";

  private final FeatureParams params;
  private final List<String> numbers = new ArrayList<>();
  private final List<String> categoryNames;
  private final List<String> categories;
  private final List<String> hashed;
  private final List<String> words;
  private final StringBuilder sql = new StringBuilder("SELECT *");

  /**
   * @param profiles what the numbers are like
   * @param hot whether intervals are taken as categories, and not as numbers in order
   */
  FeatureSql(FeatureParams params, List<NumberProfile> profiles, boolean hot) {
    this.params = params;
    this.categoryNames = new ArrayList<>(params.categorical());
    List<NumberProfile> asCategories =
        profiles.stream().filter(p -> hot && p.feature().isBucketed()).toList();
    asCategories.forEach(p -> categoryNames.add(p.feature().name()));
    this.categories = names("__category", categoryNames);
    this.hashed = names("__hash", params.hashed());
    this.words = names("__words", params.text());
    List<NumberProfile> asNumbers = new ArrayList<>(profiles);
    asNumbers.removeAll(asCategories);
    addNumbers(asNumbers);
    for (int i = 0; i < categories.size(); i++) {
      int interval = i - params.categorical().size();
      add(
          interval < 0
              ? text(categoryNames.get(i))
              : "cast(cast("
                  + asCategories.get(interval).sql(params.scale())
                  + " AS int) AS string)",
          categories.get(i));
    }
    for (int i = 0; i < hashed.size(); i++) {
      add(text(params.hashed().get(i)), hashed.get(i));
    }
    for (int i = 0; i < words.size(); i++) {
      add(words(params.text().get(i)), words.get(i));
    }
  }

  private void addNumbers(List<NumberProfile> profiles) {
    List<String> names = names("__number", profiles.stream().map(p -> p.feature().name()).toList());
    for (int i = 0; i < names.size(); i++) {
      add(profiles.get(i).sql(params.scale()), names.get(i));
    }
    numbers.addAll(names);
    List<String> absent = names("__absent", params.indicateMissing());
    for (int i = 0; i < absent.size(); i++) {
      String number = NumberFeature.sql(params.indicateMissing().get(i));
      add("cast((" + number + ") IS NULL AS double)", absent.get(i));
    }
    numbers.addAll(absent);
  }

  private void add(String expression, String name) {
    sql.append(", ").append(expression).append(" AS ").append(name);
  }

  private static String text(String column) {
    return "coalesce(cast(" + MlColumns.quoted(column) + " AS string), '" + MISSING + "')";
  }

  /** Letters and digits in a row are a word; upper and lower case are the same. */
  private static String words(String column) {
    return "filter(split(lower(coalesce(cast("
        + MlColumns.quoted(column)
        + " AS string), '')), '[^\\\\p{L}\\\\p{N}]+'), word -> word <> '')";
  }

  String statement() {
    return sql + " FROM __THIS__";
  }

  /** Columns that the statement makes and that are numbers. */
  List<String> numbers() {
    return numbers;
  }

  /** What is indexed: categorical columns, and columns taken by intervals. */
  List<String> categoryNames() {
    return categoryNames;
  }

  /** The columns of {@link #categoryNames}, as texts. */
  List<String> categories() {
    return categories;
  }

  /** Texts to be hashed together. */
  List<String> hashed() {
    return hashed;
  }

  /** Arrays of words. */
  List<String> words() {
    return words;
  }

  /** Names that MLlib can take whatever is in the column's own: it stumbles over dots. */
  static List<String> names(String prefix, List<String> columns) {
    List<String> names = new ArrayList<>();
    for (String column : columns) {
      names.add(prefix + names.size() + "_" + column.replaceAll("[^A-Za-z0-9_]", "_"));
    }
    return names;
  }
}
