package io.mlpipeline.spark.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * Profiles that are kept by the content that they are of, a column each, so that the rows behind
 * them need not be read again, or be there any more.
 *
 * @param find what was kept under a key
 * @param keep keeps a profile under a key
 */
public record KeptProfiles(
    Function<String, Optional<byte[]>> find, BiConsumer<String, byte[]> keep) {

  /** As far as it is kept. */
  public Profile kept(String content, Collection<Asked> columns) {
    Profile all = Profile.merge(List.of());
    for (Asked asked : columns) {
      Optional<Profile> found =
          find.apply(key(content, asked)).flatMap(Profile::find).flatMap(one -> one.only(asked));
      all = found.isPresent() ? all.with(found.get()) : all;
    }
    return all;
  }

  /** The columns that a profile does not hold. */
  public static List<Asked> missing(Profile profile, Collection<Asked> columns) {
    List<Asked> missing = new ArrayList<>();
    columns.stream().filter(asked -> profile.only(asked).isEmpty()).forEach(missing::add);
    return missing;
  }

  /** Makes the profile of columns in one pass over the rows, and keeps it; others are left out. */
  public Profile make(String content, Dataset<Row> rows, Collection<Asked> columns) {
    List<Asked> there = columns.stream().filter(asked -> fits(rows, asked)).toList();
    Profile made = Profiler.profile(rows, there);
    for (Asked asked : there) {
      made.only(asked).ifPresent(one -> keep.accept(key(content, asked), one.toBytes()));
    }
    return made;
  }

  private static String key(String content, Asked asked) {
    return content + " " + asked.key();
  }

  private static boolean fits(Dataset<Row> rows, Asked asked) {
    String wanted = asked.column().toLowerCase(Locale.ROOT);
    for (StructField field : rows.schema().fields()) {
      if (field.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return asked.form() == Asked.Form.CATEGORIES || field.dataType() instanceof NumericType;
      }
    }
    return false;
  }
}
