package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at pinned files once more after they were read: what was computed is filed under what they
 * held when the run was planned. One listing, and no bytes are read unless a file looks different.
 */
public final class PinnedFiles {

  private PinnedFiles() {}

  /**
   * Throws if a file is not what was pinned; files that came since do not matter.
   *
   * @param hadoop asked for only if the location is not local
   * @throws EngineException {@code INPUT_GONE} that names the file
   */
  public static void requireUnchanged(PinnedSource source, Supplier<Configuration> hadoop) {
    if (source.kind() != InputKind.FILES) {
      return;
    }
    Map<String, SourceFile> now =
        list(source.uri(), hadoop).stream()
            .collect(Collectors.toMap(SourceFile::name, file -> file, (one, other) -> one));
    for (PinnedFile then : source.files()) {
      SourceFile file = now.get(then.name());
      if (file == null || !isSame(then, file)) {
        throw new EngineException(
            ErrorType.INPUT_GONE,
            "file "
                + then.name()
                + " of input "
                + source.dataset()
                + (file == null ? " went away" : " changed")
                + " while the run read it; nothing of this was published: run again when its"
                + " writer is done ("
                + then.path()
                + ")");
      }
    }
  }

  private static List<SourceFile> list(String location, Supplier<Configuration> hadoop) {
    return Locations.isLocal(location)
        ? LocalSources.list(Locations.localPath(location).toString())
        : HadoopSources.list(location, hadoop.get());
  }

  /** What a store says of the bytes comes first; a file that was only touched is the same. */
  private static boolean isSame(PinnedFile then, SourceFile now) {
    if (then.digest().startsWith("etag:") && now.etag() != null) {
      return then.digest().equals("etag:" + now.etag());
    }
    if (then.size() != now.size()) {
      return false;
    }
    return then.modifiedMillis() == now.modifiedMillis() || hasDigest(then, now);
  }

  private static boolean hasDigest(PinnedFile then, SourceFile now) {
    java.nio.file.@Nullable Path local = now.local();
    return then.digest().startsWith("sha256:")
        && local != null
        && then.digest()
            .equals("sha256:" + SourceHashes.ofLocal(now, Objects.requireNonNull(local)));
  }
}
