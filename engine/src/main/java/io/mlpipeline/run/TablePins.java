package io.mlpipeline.run;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.registry.TablePin;
import java.util.List;
import java.util.Optional;

/** Looks what is left of table versions that somebody needs. Reads logs and lists files only. */
final class TablePins {

  private final TableLog tables;

  TablePins(TableLog tables) {
    this.tables = tables;
  }

  /** Whether the head holds it, it can be read, or it is lost. */
  TablePin look(OutputVersion table) {
    long head = tables.findHead(table.uri()).orElse(-1);
    if (head < 0) {
      return new TablePin(table, head, TablePin.State.LOST, "there is no such table any more");
    }
    boolean isCurrent = holds(table, head);
    Optional<String> problem = findProblem(table.uri(), isCurrent ? head : table.version());
    if (problem.isPresent()) {
      return new TablePin(table, head, TablePin.State.LOST, problem.get());
    }
    TablePin.State state = isCurrent ? TablePin.State.CURRENT : TablePin.State.BEHIND;
    return new TablePin(table, head, state, null);
  }

  /** Why a version cannot be read; empty if it can. */
  Optional<String> findProblem(String uri, long version) {
    Optional<TableLog.Snapshot> found;
    try {
      found = tables.find(uri, version);
    } catch (EngineException e) {
      if (e.type() == ErrorType.STORAGE_CORRUPT) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      throw e;
    }
    if (found.isEmpty()) {
      return Optional.of("its log does not hold version " + version + ", or not any more");
    }
    List<DataFile> files = found.get().files();
    List<DataFile> gone = tables.missing(uri, files);
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of(
            gone.size()
                + " of the "
                + files.size()
                + " files of version "
                + version
                + " are gone, such as "
                + gone.get(0).path());
  }

  /** OPTIMIZE moves the head and changes nothing; a restored version has another number. */
  private boolean holds(OutputVersion table, long head) {
    return head == table.version()
        || isContent(table, head)
        || tables.findNewest(table.uri()).filter(newest -> holds(table, newest)).isPresent();
  }

  private boolean holds(OutputVersion table, TableLog.Snapshot newest) {
    boolean isSince =
        newest.version() >= table.version() && newest.lastDataChange() <= table.version();
    return isSince || isContent(table, newest.lastDataChange());
  }

  private boolean isContent(OutputVersion table, long version) {
    return tables.findContent(table.uri(), version).filter(table.identity()::equals).isPresent();
  }
}
