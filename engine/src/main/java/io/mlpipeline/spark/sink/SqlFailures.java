package io.mlpipeline.spark.sink;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureTypes;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a database's refusal means, by its SQLSTATE; never shows a row or a password. */
final class SqlFailures {

  private SqlFailures() {}

  /** The failure in the engine's words; empty if no database is behind it. */
  static Optional<EngineException> of(String what, Throwable thrown) {
    SQLException known = find(thrown);
    if (known == null) {
      return Optional.empty();
    }
    String state = String.valueOf(known.getSQLState());
    String said = String.valueOf(known.getMessage()).lines().findFirst().orElse("");
    return Optional.of(
        new EngineException(type(state), what + ": " + said + advice(state), thrown));
  }

  private static @Nullable SQLException find(Throwable thrown) {
    SQLException found = null;
    int depth = 0;
    for (Throwable at = thrown; at != null && depth < 50; at = at.getCause(), depth++) {
      for (Throwable one = at; one instanceof SQLException sql; one = sql.getNextException()) {
        found = found == null || sql.getSQLState() != null ? sql : found;
      }
    }
    return found;
  }

  static ErrorType type(String state) {
    return FailureTypes.ofSqlState(state).orElse(ErrorType.STORAGE_UNAVAILABLE);
  }

  private static String advice(String state) {
    return switch (state) {
      case "42P10" -> "; the table needs a primary key or a unique index over the output's keys";
      case "55P03" -> "; another delivery to this table is going on: run again when it has ended";
      case "22001" -> "; widen the column there, or shorten the values";
      case "42501" -> "; the user must be able to write the table, and to create tables beside it";
      default -> "";
    };
  }
}
