package io.mlpipeline.port;

import io.mlpipeline.model.LeaseClaim;

/** What this machine knows of the process that holds a lease. */
public interface Processes {

  /** Whether it is surely gone; false also if it runs elsewhere, where nobody here can tell. */
  boolean isGone(LeaseClaim holder);
}
