package io.mlpipeline.mlflow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes names and values that MLflow takes. A name depends on the name here and on nothing else, so
 * that a metric is one line over all runs.
 *
 * <p>MLflow takes letters, digits and {@code _ - . / blank}, at most 250, and no name that is no
 * plain path. {@code auc_roc[plan=basic]} becomes {@code auc_roc/plan/basic}; anything else has its
 * other characters replaced, and ten digits of its hash at the end.
 */
final class MlflowNames {

  /** MLflow's limit is 250 for names; for values of params 500 in versions before 2.8. */
  static final int LONGEST_NAME = 250;

  static final int LONGEST_PARAM = 500;
  static final int LONGEST_TAG = 5000;

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_. -]+(/[A-Za-z0-9_. -]+)*");
  private static final Pattern DOTS = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");
  private static final Pattern SLICE = Pattern.compile("([^\\[\\]]+)\\[([^\\[\\]]+)]");
  private static final int HASH = 10;

  private MlflowNames() {}

  /** The same entries under safe names; of two that would be one, the later has its hash too. */
  static <T> SortedMap<String, T> safe(Map<String, T> named) {
    SortedMap<String, T> safe = new TreeMap<>();
    new TreeMap<>(named)
        .forEach(
            (name, value) -> {
              String one = name(name);
              safe.put(safe.containsKey(one) ? hashed(name) : one, value);
            });
    return Collections.unmodifiableSortedMap(safe);
  }

  /** The name that MLflow takes for a name. */
  static String name(String name) {
    Matcher slice = SLICE.matcher(name);
    if (slice.matches() && slice.group(2).indexOf('/') < 0) {
      String path = slice.group(1) + "/" + slice.group(2).replaceAll(", *|=", "/");
      return isSafe(path) ? path : hashed(name);
    }
    return isSafe(name) ? name : hashed(name);
  }

  private static boolean isSafe(String name) {
    return name.length() <= LONGEST_NAME
        && SAFE.matcher(name).matches()
        && !DOTS.matcher(name).matches();
  }

  private static String hashed(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_.-]", "_");
    String start = plain.substring(0, Math.min(plain.length(), LONGEST_NAME - HASH - 1));
    return start + "-" + sha256(name).substring(0, HASH);
  }

  /** A value within a limit; one that was cut says so, and how long it was. */
  static String cut(String value, int longest) {
    if (value.length() <= longest) {
      return value;
    }
    String note = "... (" + value.length() + " characters)";
    return value.substring(0, longest - note.length()) + note;
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
