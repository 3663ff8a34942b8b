package io.mlpipeline.step;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;

/**
 * A step cannot go on without rows. Thrown after everything that can be looked at without them
 * (params, columns, ports) was: {@code run --empty} leaves such a step out from here on, and any
 * other run fails.
 */
public final class RowsNeededException extends EngineException {

  private static final long serialVersionUID = 1L;

  public RowsNeededException(String message) {
    super(ErrorType.INPUT_MISSING, message);
  }
}
