package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes a method's instructions; labels are numbered as they are met. */
final class MethodDigester extends MethodVisitor {

  private static final String DEPRECATED = "Ljava/lang/Deprecated;";

  private final Canonical sink;
  private final References references;
  private final Map<Label, Integer> labels = new HashMap<>();

  MethodDigester(Canonical sink, References references) {
    super(Opcodes.ASM9);
    this.sink = sink;
    this.references = references;
  }

  private Canonical label(Label label) {
    Integer next = labels.size();
    Integer known = labels.putIfAbsent(label, next);
    return sink.count(known == null ? next : known);
  }

  private void labels(Label[] all) {
    sink.count(all.length);
    for (Label label : all) {
      label(label);
    }
  }

  @Override
  public AnnotationVisitor visitAnnotationDefault() {
    sink.text("default");
    return new AnnotationDigester(sink, references);
  }

  @Override
  public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
    return descriptor.equals(DEPRECATED) ? null : annotation("@", descriptor);
  }

  @Override
  public AnnotationVisitor visitParameterAnnotation(
      int parameter, String descriptor, boolean visible) {
    return annotation("@" + parameter, descriptor);
  }

  private AnnotationVisitor annotation(String prefix, String descriptor) {
    references.descriptor(descriptor);
    sink.text(prefix).text(descriptor);
    return new AnnotationDigester(sink, references);
  }

  @Override
  public void visitCode() {
    sink.text("code");
  }

  @Override
  public void visitInsn(int opcode) {
    sink.count(opcode);
  }

  @Override
  public void visitIntInsn(int opcode, int operand) {
    sink.count(opcode).count(operand);
  }

  @Override
  public void visitVarInsn(int opcode, int index) {
    sink.count(opcode).count(index);
  }

  @Override
  public void visitTypeInsn(int opcode, String type) {
    references.name(type);
    sink.count(opcode).text(type);
  }

  @Override
  public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
    references.name(owner);
    references.descriptor(descriptor);
    sink.count(opcode).text(owner).text(name).text(descriptor);
  }

  @Override
  public void visitMethodInsn(
      int opcode, String owner, String name, String descriptor, boolean isInterface) {
    references.call(opcode, owner);
    references.descriptor(descriptor);
    sink.count(opcode).text(owner).text(name).text(descriptor).count(isInterface ? 1 : 0);
  }

  @Override
  public void visitInvokeDynamicInsn(
      String name, String descriptor, Handle bootstrap, Object... arguments) {
    references.descriptor(descriptor);
    references.handle(bootstrap);
    sink.count(Opcodes.INVOKEDYNAMIC).text(name).text(descriptor);
    Constants.writeHandle(sink, bootstrap);
    sink.count(arguments.length);
    for (Object argument : arguments) {
      Constants.write(sink, argument, references);
    }
  }

  @Override
  public void visitJumpInsn(int opcode, Label label) {
    sink.count(opcode);
    label(label);
  }

  @Override
  public void visitLabel(Label label) {
    sink.count(-1);
    label(label);
  }

  @Override
  public void visitLdcInsn(Object value) {
    sink.count(Opcodes.LDC);
    Constants.write(sink, value, references);
  }

  @Override
  public void visitIincInsn(int index, int increment) {
    sink.count(Opcodes.IINC).count(index).count(increment);
  }

  @Override
  public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... cases) {
    sink.count(Opcodes.TABLESWITCH).count(min).count(max);
    label(otherwise);
    labels(cases);
  }

  @Override
  public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] cases) {
    sink.count(Opcodes.LOOKUPSWITCH).count(keys.length);
    for (int key : keys) {
      sink.count(key);
    }
    label(otherwise);
    labels(cases);
  }

  @Override
  public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
    references.descriptor(descriptor);
    sink.count(Opcodes.MULTIANEWARRAY).text(descriptor).count(dimensions);
  }

  @Override
  public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
    sink.text("try");
    label(start);
    label(end);
    label(handler);
    sink.text(ClassDigester.orEmpty(type));
    if (type != null) {
      references.name(type);
    }
  }
}
