package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A test of a pipeline: what is given, and what must come of it. Only the steps that lie between
 * the two are run.
 *
 * @param name the case's name, unique in its file
 * @param description what it is about, for people; null if nothing was written
 * @param settings as {@code --set}, in order
 * @param given rows by dataset, of inputs or of what steps make
 * @param expect what must come of it
 * @param at where it was written
 */
public record CaseSpec(
    String name,
    @Nullable String description,
    Map<String, String> settings,
    SortedMap<String, WrittenTable> given,
    Expectation expect,
    SourceLocation at) {

  public CaseSpec {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
  }

  /**
   * Rows as somebody wrote them; nobody knows their types yet.
   *
   * @param text the text as it was written, for who reads texts; null for a list of objects
   * @param columns the columns that were named, in order
   * @param rows the cells in the order of the columns; null where nothing stands
   * @param fault why the text is no table; null if it is one. Who reads texts does not mind
   * @param at where it was written
   */
  public record WrittenTable(
      @Nullable String text,
      List<String> columns,
      List<List<@Nullable String>> rows,
      @Nullable Problem fault,
      SourceLocation at) {

    public WrittenTable {
      columns = List.copyOf(columns);
      List<List<@Nullable String>> copy = new ArrayList<>();
      rows.forEach(row -> copy.add(Collections.unmodifiableList(new ArrayList<>(row))));
      rows = Collections.unmodifiableList(copy);
    }
  }

  /** Which columns of a table are compared. */
  public enum Compared {
    /** All that it has. */
    ALL,
    /** Those that the expectation names. */
    NAMED
  }

  /**
   * What a table must hold; the order of rows does not count.
   *
   * @param rows all its rows; null if only their number is said
   * @param compared which columns
   * @param tolerance how far numbers with a fraction may be off, absolutely or as a share
   * @param count how many rows; null if nothing is said
   * @param at where it was written
   */
  public record ExpectedTable(
      @Nullable WrittenTable rows,
      Compared compared,
      double tolerance,
      @Nullable Long count,
      SourceLocation at) {}

  /**
   * Where a metric must lie, bounds included.
   *
   * @param min the least; null for none
   * @param max the most; null for none
   * @param at where it was written
   */
  public record Range(@Nullable Double min, @Nullable Double max, SourceLocation at) {

    public boolean holds(double value) {
      return (min == null || value >= min) && (max == null || value <= max);
    }

    /** The range for people. */
    public String words() {
      if (min != null && min.equals(max)) {
        return min.toString();
      }
      return (min == null ? "" : "at least " + min)
          + (min == null || max == null ? "" : " and ")
          + (max == null ? "" : "at most " + max);
    }
  }

  /**
   * How a step must fail.
   *
   * @param step the step
   * @param error the type of the error; null for any
   * @param message what the message must contain; null for anything
   * @param at where it was written
   */
  public record ExpectedFailure(
      String step, @Nullable ErrorType error, @Nullable String message, SourceLocation at) {}

  /**
   * Rules that must fail, by id or text.
   *
   * @param rules the rules
   * @param at where they were written
   */
  public record ExpectedRules(List<String> rules, SourceLocation at) {

    public ExpectedRules {
      rules = List.copyOf(rules);
    }
  }

  /**
   * What must come of it.
   *
   * @param tables by dataset
   * @param metrics ranges by step and metric
   * @param rejects rules that must reject, by dataset
   * @param warns rules that must warn, by dataset
   * @param fails how a step must fail; null if none may
   */
  public record Expectation(
      SortedMap<String, ExpectedTable> tables,
      SortedMap<String, SortedMap<String, Range>> metrics,
      SortedMap<String, ExpectedRules> rejects,
      SortedMap<String, ExpectedRules> warns,
      @Nullable ExpectedFailure fails) {

    public Expectation {
      tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
      metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
      rejects = Collections.unmodifiableSortedMap(new TreeMap<>(rejects));
      warns = Collections.unmodifiableSortedMap(new TreeMap<>(warns));
    }
  }
}
