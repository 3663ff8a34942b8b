package io.mlpipeline.port;

import java.time.Instant;
import java.util.List;

/** The files below a warehouse, to be listed and, one by one, removed. */
public interface WarehouseFiles {

  /**
   * A file.
   *
   * @param path relative to the warehouse
   * @param bytes its size
   * @param modified when it was last written
   */
  record Found(String path, long bytes, Instant modified) {}

  /** Every file in order of path, those of table logs too; files may come and go meanwhile. */
  List<Found> list();

  /** Removes a file, and the checksum that Hadoop may have put beside it; gone already is fine. */
  void delete(String path);

  /**
   * Removes directories that are empty and have been since then; a store without directories has
   * nothing to do. Listing pays for each of them: every run leaves one when its receipts are
   * folded.
   *
   * @param below the directory, relative to the warehouse, below which is looked; itself it stays
   */
  default void removeEmpty(String below, Instant since) {}
}
