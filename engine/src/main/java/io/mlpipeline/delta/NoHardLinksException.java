package io.mlpipeline.delta;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file system of a local directory has no hard links, so no write there can be exclusive. */
final class NoHardLinksException extends IOException {

  private static final long serialVersionUID = 1L;

  NoHardLinksException(@Nullable Path directory, Throwable cause) {
    super(
        "the file system of "
            + directory
            + " has no hard links, so two writers there could overwrite each other unnoticed;"
            + " put the warehouse on a disk that has them (ext4, xfs, btrfs, apfs, ntfs)",
        cause);
  }
}
