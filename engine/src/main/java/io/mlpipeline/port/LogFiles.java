package io.mlpipeline.port;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which files the versions of a table name, read from its log once and not version by version. */
public interface LogFiles {

  /**
   * The files that the log of a table names.
   *
   * @param table the table's root, relative to the warehouse
   * @return empty if there is no log
   * @throws io.mlpipeline.model.EngineException {@code STORAGE_CORRUPT} if the log has a gap or
   *     cannot be read: then nobody knows what its versions name
   */
  Optional<Named> find(String table);

  /**
   * Versions that name a file without a break.
   *
   * @param from the first of them
   * @param until the first one after them; {@link Long#MAX_VALUE} if the newest one names it
   */
  record Span(long from, long until) {}

  /**
   * What a log names.
   *
   * @param oldest the oldest version that can be put together; over 0 where the log was cut off
   * @param head the newest version
   * @param files by path, as {@link io.mlpipeline.model.DataFile#path} has it, the versions that
   *     name the file
   */
  record Named(long oldest, long head, Map<String, List<Span>> files) {

    public Named {
      files = Map.copyOf(files);
    }
  }
}
