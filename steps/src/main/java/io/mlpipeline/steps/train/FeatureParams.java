package io.mlpipeline.steps.train;

import java.util.List;
import java.util.Map;

/**
 * How raw columns become one vector, and how rows are laid out: the params that all trainers with
 * features have in common. Their meaning is told in {@code docs/training.md}.
 */
public interface FeatureParams {

  /** What takes the place of a number that is not there. */
  enum Impute {
    MEDIAN,
    MEAN
  }

  /** What happens at scoring to a category that was not there at training. */
  enum HandleInvalid {
    /** It counts as "some other category". */
    KEEP,
    /** Scoring fails. */
    ERROR
  }

  /** How numbers are brought to one scale. */
  enum Scale {
    NONE,
    /** Less the mean, by the standard deviation. */
    STANDARD,
    /** From 0 at the least to 1 at the greatest value of training. */
    MIN_MAX
  }

  /** How a category becomes a number. */
  enum Encode {
    /** What suits the algorithm: an index for trees, otherwise one-hot. */
    AUTO,
    ONE_HOT,
    INDEX
  }

  /** Columns taken as numbers. */
  List<String> numeric();

  /** Columns taken as categories. */
  List<String> categorical();

  /** Columns of very many categories, hashed together into one vector. */
  List<String> hashed();

  /** Columns of free text, each hashed by word and weighed by how rare the word is. */
  List<String> text();

  /** Dates and timestamps, of which {@link #dateParts} become numbers. */
  List<String> dates();

  /** The parts of a date that become numbers. */
  List<String> dateParts();

  /** What takes the place of a number that is not there. */
  Impute impute();

  /** The same by column: {@code median}, {@code mean} or a number. */
  Map<String, String> fill();

  /** Numeric columns whose absence is a feature of its own. */
  List<String> indicateMissing();

  /** How numbers are brought to one scale. */
  Scale scale();

  /** Numeric columns that are taken by intervals: edges, or {@code quantiles N}. */
  Map<String, List<String>> buckets();

  /** How categories become numbers. */
  Encode encode();

  /** The size of the vector of all hashed columns. */
  int hashSize();

  /** The size of the vector of each text column. */
  int textSize();

  /** What happens at scoring to an unknown category. */
  HandleInvalid handleInvalid();

  /** Columns by which rows are laid out; usually the row's key. */
  List<String> key();

  /** How much a row counts; empty if all count alike. */
  String weightColumn();

  /** The algorithm's own params. */
  Map<String, List<String>> learner();

  /** For whatever draws. */
  long seed();
}
