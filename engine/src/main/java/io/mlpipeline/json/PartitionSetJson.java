package io.mlpipeline.json;

import io.mlpipeline.model.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stored form of a {@link PartitionSet}, sealed; its seal is its name. */
public final class PartitionSetJson {

  private static final int FORMAT = 1;

  private PartitionSetJson() {}

  /** One line of JSON; equal sets give equal bytes. */
  public static byte[] write(PartitionSet set) {
    return Sealed.write(FORMAT, out -> out.texts("partitions", flat(set)));
  }

  /** The name of what {@link #write} gave. */
  public static String seal(byte[] document) {
    return Sealed.of(document);
  }

  public static Sealed<PartitionSet> read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, in -> set(in.texts("partitions")));
  }

  /** Flat triples of name, content and key, as ingredients are: a year of days is 40 kB. */
  private static List<String> flat(PartitionSet set) {
    List<String> flat = new ArrayList<>(3 * set.partitions().size());
    set.partitions()
        .forEach((name, part) -> flat.addAll(List.of(name, part.content(), part.key())));
    return flat;
  }

  private static PartitionSet set(List<String> flat) throws FormException {
    if (flat.size() % 3 != 0) {
      throw FormException.damaged("'partitions' are not triples");
    }
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>();
    for (int i = 0; i < flat.size(); i += 3) {
      parts.put(flat.get(i), new PartitionSet.Part(flat.get(i + 1), flat.get(i + 2)));
    }
    return new PartitionSet(parts);
  }
}
