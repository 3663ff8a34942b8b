package io.mlpipeline.registry;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Versions of which each is read when somebody asks for it: of ten thousand, most commands look at
 * a few. Immutable; safe for any number of threads.
 */
public final class VersionList extends AbstractList<VersionState> implements RandomAccess {

  private final List<String> lines;
  private final Function<String, VersionState> reader;
  private final AtomicReferenceArray<VersionState> read;

  /**
   * Of versions as they are stored.
   *
   * @param reader gives equal versions for equal lines, and never null
   */
  public VersionList(List<String> lines, Function<String, VersionState> reader) {
    this.lines = List.copyOf(lines);
    this.reader = reader;
    this.read = new AtomicReferenceArray<>(lines.size());
  }

  @Override
  public int size() {
    return lines.size();
  }

  @Override
  public VersionState get(int index) {
    VersionState known = read.get(index);
    if (known == null) {
      known = reader.apply(lines.get(index));
      read.set(index, known);
    }
    return known;
  }
}
