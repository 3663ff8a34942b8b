package io.mlpipeline.run;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.TableLog;
import java.util.Optional;

/**
 * Tells a head that moved from content that changed: OPTIMIZE moves the head and changes nothing.
 */
final class Heads {

  private Heads() {}

  /** The newest version of the table if nothing changed data or schema since this one. */
  static Optional<OutputVersion> sameContent(TableLog tables, OutputVersion version) {
    return tables
        .findNewest(version.uri())
        .filter(s -> s.version() >= version.version() && s.lastDataChange() <= version.version())
        .map(s -> version.atVersion(s.version()));
  }

  /** What to read for this version: itself, or the head if that holds the same. */
  static OutputVersion readable(TableLog tables, OutputVersion version) {
    if (version.kind() != OutputKind.TABLE
        || tables.findHead(version.uri()).orElse(-1) == version.version()) {
      return version;
    }
    return sameContent(tables, version).orElse(version);
  }
}
