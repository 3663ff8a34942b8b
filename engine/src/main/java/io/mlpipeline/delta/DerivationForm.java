package io.mlpipeline.delta;

import io.delta.kernel.types.StructType;
import io.mlpipeline.model.Derivation;

/** Of the lineage table what was made from what: a third of its columns, and the smaller ones. */
final class DerivationForm implements ReadForm<Derivation> {

  @Override
  public String what() {
    return LineageForm.WHAT;
  }

  @Override
  public StructType read() {
    return EventColumns.DERIVATION;
  }

  @Override
  public Derivation event(Values row) {
    return EventRows.derivation(row);
  }
}
