package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Opcodes;

/** Writes an annotation's values, nested ones included. */
final class AnnotationDigester extends AnnotationVisitor {

  private final Canonical sink;
  private final References references;

  AnnotationDigester(Canonical sink, References references) {
    super(Opcodes.ASM9);
    this.sink = sink;
    this.references = references;
  }

  @Override
  public void visit(@Nullable String name, Object value) {
    sink.text(ClassDigester.orEmpty(name));
    Constants.write(sink, value, references);
  }

  @Override
  public void visitEnum(@Nullable String name, String descriptor, String value) {
    references.descriptor(descriptor);
    sink.text(ClassDigester.orEmpty(name)).text(descriptor).text(value);
  }

  @Override
  public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
    references.descriptor(descriptor);
    sink.text(ClassDigester.orEmpty(name)).text("@").text(descriptor);
    return this;
  }

  @Override
  public AnnotationVisitor visitArray(@Nullable String name) {
    sink.text(ClassDigester.orEmpty(name)).text("[");
    return this;
  }

  @Override
  public void visitEnd() {
    sink.text("end");
  }
}
