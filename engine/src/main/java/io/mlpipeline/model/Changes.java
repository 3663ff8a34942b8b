package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** What differs between two sets of named values, in words. */
public final class Changes {

  private Changes() {}

  /**
   * One phrase for each name whose value is another, in the order of the names: {@code max-depth 5
   * -> 6}, {@code seed is new}, {@code query changed}.
   *
   * @param longest longer values are not shown; it is only said that they changed
   */
  public static List<String> between(
      SortedMap<String, String> before, SortedMap<String, String> now, int longest) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      String was = before.get(name);
      String is = now.get(name);
      if (was == null) {
        changes.add(name + " is new");
      } else if (is == null) {
        changes.add(name + " is gone");
      } else if (!was.equals(is)) {
        boolean isShort = was.length() <= longest && is.length() <= longest;
        changes.add(name + (isShort ? " " + was + " -> " + is : " changed"));
      }
    }
    return changes;
  }
}
