package io.mlpipeline.steps.train;

/** What the trainers that have a label and features have in common. */
public interface SupervisedParams extends FeatureParams, SearchParams {

  /** What is done about features that give the label away. */
  enum LeakageCheck {
    /** Nothing is trained. */
    REFUSE,
    /** It is logged and measured. */
    WARN,
    /** Nobody looks. */
    OFF
  }

  /** The column to predict. */
  String label();

  /** What is done about features that give the label away. */
  LeakageCheck leakage();

  /** Boosted trees: the share of rows, by hash of the key, that says when to stop; 0 is never. */
  double earlyStopping();
}
