package io.mlpipeline.code;

import io.mlpipeline.model.Canonical;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;

/**
 * Digests a class from what ASM says of it, not from its bytes, so that neither the order of the
 * constant pool nor debug information counts. Members count in any order; record components in
 * theirs. Left out: lines, files, names of locals and parameters, type annotations, which classes
 * are nested in it, and whether something is deprecated.
 */
final class ClassDigester extends ClassVisitor {

  private static final String DEPRECATED = "Ljava/lang/Deprecated;";

  private final References references = new References();
  private final Canonical head = new Canonical();
  private final List<Canonical> members = new ArrayList<>();
  private final List<Canonical> annotations = new ArrayList<>();
  private final TreeSet<String> permitted = new TreeSet<>();

  private ClassDigester() {
    super(Opcodes.ASM9);
  }

  static ClassFacts read(ClassReader reader) {
    ClassDigester digester = new ClassDigester();
    reader.accept(digester, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return digester.facts();
  }

  private ClassFacts facts() {
    head.texts(permitted).texts(sorted(annotations)).texts(sorted(members));
    return new ClassFacts(head.hex(), references.all, references.called);
  }

  private static List<String> sorted(List<Canonical> sinks) {
    return sinks.stream().map(Canonical::hex).sorted().toList();
  }

  static int flags(int access) {
    return access & ~Opcodes.ACC_DEPRECATED;
  }

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  static List<String> list(String @Nullable [] texts) {
    return texts == null ? List.of() : Arrays.asList(texts);
  }

  private Canonical member(String kind) {
    Canonical sink = new Canonical().text(kind);
    members.add(sink);
    return sink;
  }

  /** The visitor of one annotation; null if it does not count. */
  static @Nullable AnnotationVisitor annotation(
      String descriptor, List<Canonical> sinks, References references) {
    if (descriptor.equals(DEPRECATED)) {
      return null;
    }
    references.descriptor(descriptor);
    Canonical sink = new Canonical().text(descriptor);
    sinks.add(sink);
    return new AnnotationDigester(sink, references);
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    head.text(name).count(flags(access)).text(orEmpty(signature)).text(orEmpty(superName));
    head.texts(list(interfaces));
    references.signature(signature);
    references.name(name);
    if (superName != null) {
      references.name(superName);
    }
    list(interfaces).forEach(references::name);
  }

  @Override
  public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
    return annotation(descriptor, annotations, references);
  }

  @Override
  public void visitPermittedSubclass(String name) {
    permitted.add(name);
  }

  @Override
  public RecordComponentVisitor visitRecordComponent(
      String name, String descriptor, @Nullable String signature) {
    head.text("component").text(name).text(descriptor).text(orEmpty(signature));
    references.descriptor(descriptor);
    references.signature(signature);
    List<Canonical> of = annotations;
    return new RecordComponentVisitor(Opcodes.ASM9) {
      @Override
      public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
        AnnotationVisitor visitor = annotation(type, of, references);
        if (visitor != null) {
          of.get(of.size() - 1).text("component " + name);
        }
        return visitor;
      }
    };
  }

  @Override
  public FieldVisitor visitField(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      @Nullable Object value) {
    Canonical sink = member("field").count(flags(access)).text(name).text(descriptor);
    sink.text(orEmpty(signature));
    references.descriptor(descriptor);
    references.signature(signature);
    if (value != null) {
      Constants.write(sink, value, references);
    }
    return new FieldVisitor(Opcodes.ASM9) {
      @Override
      public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
        return inMember(sink, type);
      }
    };
  }

  /** An annotation of a member; their order is the source's. */
  private @Nullable AnnotationVisitor inMember(Canonical sink, String type) {
    if (type.equals(DEPRECATED)) {
      return null;
    }
    references.descriptor(type);
    sink.text("@").text(type);
    return new AnnotationDigester(sink, references);
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    Canonical sink = member("method").count(flags(access)).text(name).text(descriptor);
    sink.text(orEmpty(signature)).texts(list(exceptions));
    references.descriptor(descriptor);
    references.signature(signature);
    list(exceptions).forEach(references::name);
    return new MethodDigester(sink, references);
  }
}
