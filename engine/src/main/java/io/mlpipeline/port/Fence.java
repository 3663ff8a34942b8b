package io.mlpipeline.port;

/** Stands before everything that becomes visible: only who holds the newest lease passes. */
public interface Fence {

  /** Lets everybody pass: where nothing is published, or where nobody else can be. */
  Fence OPEN =
      new Fence() {
        @Override
        public void check() {
          // nobody else can be there
        }

        @Override
        public boolean isPassed() {
          return true;
        }
      };

  /**
   * To be called right before something becomes visible.
   *
   * @throws io.mlpipeline.model.EngineException {@code LEASE_LOST} if somebody took over
   */
  void check();

  /** Whether {@link #check} returns, for what need not be written at all. */
  boolean isPassed();
}
