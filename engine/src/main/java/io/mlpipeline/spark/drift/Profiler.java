package io.mlpipeline.spark.drift;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Profiles columns in one pass that reads those columns only. Each task profiles its rows, and the
 * driver joins what they bring in the order of the partitions, so that equal files give equal
 * profiles whichever task ends first. Not an aggregate of Spark's: one that keeps an object would
 * turn off compiled code for all that stand beside it.
 */
public final class Profiler {

  private Profiler() {}

  /** The profile of these rows; every column must be there. */
  public static Profile profile(Dataset<Row> rows, Collection<Asked> columns) {
    List<Target> targets = new ArrayList<>();
    List<Column> chosen = new ArrayList<>();
    for (Asked asked : columns) {
      DataType type = rows.schema().apply(name(rows, asked.column())).dataType();
      targets.add(new Target(asked, isFraction(type)));
      String to = asked.form() == Asked.Form.NUMBERS ? "double" : "string";
      chosen.add(
          functions
              .col("`" + asked.column().replace("`", "``") + "`")
              .cast(to)
              .as("c" + chosen.size()));
    }
    if (targets.isEmpty()) {
      return Profile.merge(List.of());
    }
    List<byte[]> parts =
        rows.select(chosen.toArray(new Column[0]))
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(part -> List.of(ofPart(part, targets).toBytes()).iterator())
            .collect();
    Profile none = merged(new TreeMap<>(), targets);
    List<Profile> all = new ArrayList<>(List.of(none));
    parts.forEach(part -> all.add(Profile.find(part).orElseThrow()));
    return Profile.merge(all);
  }

  private static String name(Dataset<Row> rows, String column) {
    for (String one : rows.columns()) {
      if (one.equalsIgnoreCase(column)) {
        return one;
      }
    }
    return column;
  }

  private static boolean isFraction(DataType type) {
    return type instanceof DoubleType || type instanceof FloatType || type instanceof DecimalType;
  }

  private record Target(Asked asked, boolean isFraction) implements Serializable {}

  static Profile ofPart(Iterator<InternalRow> rows, List<Target> targets) {
    Filler[] fillers = targets.stream().map(Filler::of).toArray(Filler[]::new);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      for (int i = 0; i < fillers.length; i++) {
        fillers[i].add(row, i);
      }
    }
    Map<String, Filler> byKey = new TreeMap<>();
    for (int i = 0; i < fillers.length; i++) {
      byKey.put(targets.get(i).asked().key(), fillers[i]);
    }
    return merged(byKey, targets);
  }

  private static Profile merged(Map<String, Filler> fillers, List<Target> targets) {
    Map<String, NumberProfile> numbers = new TreeMap<>();
    Map<String, CategoryProfile> categories = new TreeMap<>();
    for (Target target : targets) {
      String key = target.asked().key();
      Filler filler = fillers.getOrDefault(key, Filler.of(target));
      if (filler instanceof Numbers found) {
        numbers.put(key, found.profile);
      } else {
        categories.put(key, ((Categories) filler).profile());
      }
    }
    return new Profile(numbers, categories);
  }

  private interface Filler {
    void add(InternalRow row, int at);

    static Filler of(Target target) {
      return target.asked().form() == Asked.Form.NUMBERS
          ? new Numbers()
          : new Categories(target.isFraction());
    }
  }

  private static final class Numbers implements Filler {
    private final NumberProfile profile = new NumberProfile();

    @Override
    public void add(InternalRow row, int at) {
      if (row.isNullAt(at)) {
        profile.addNull();
      } else {
        profile.add(row.getDouble(at));
      }
    }
  }

  /** Counts by Spark's own form of a text, and makes Java's of each value once. */
  private static final class Categories implements Filler {
    private static final int MOST = 8192;

    private final CategoryProfile profile = new CategoryProfile();
    private final Map<UTF8String, long[]> counts = new HashMap<>();
    private final boolean isFraction;

    Categories(boolean isFraction) {
      this.isFraction = isFraction;
    }

    @Override
    public void add(InternalRow row, int at) {
      if (row.isNullAt(at)) {
        profile.addNulls(1);
        return;
      }
      UTF8String value = row.getUTF8String(at);
      long[] count = counts.get(value);
      if (count != null) {
        count[0]++;
        return;
      }
      if (counts.size() == MOST) {
        flush();
      }
      counts.put(value.copy(), new long[] {1}); // the row's memory is used again
    }

    private void flush() {
      counts.forEach((value, count) -> profile.add(text(value), count[0]));
      counts.clear();
    }

    CategoryProfile profile() {
      flush();
      return profile;
    }

    /** A number that arrives as 1, 1.0 or 1.00 is one category. */
    private String text(UTF8String value) {
      String text = value.toString();
      if (!isFraction) {
        return text;
      }
      try {
        BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
        return exact.signum() == 0 ? "0" : exact.toPlainString();
      } catch (NumberFormatException e) {
        return text; // NaN, Infinity
      }
    }
  }
}
