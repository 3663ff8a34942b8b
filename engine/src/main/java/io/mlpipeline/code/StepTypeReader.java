package io.mlpipeline.code;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Reads {@code @StepType} and what belongs to it from one class. */
final class StepTypeReader {

  private static final String STEP_TYPE = "Lio/mlpipeline/step/StepType;";
  private static final byte[] NEEDLE = STEP_TYPE.getBytes(StandardCharsets.UTF_8);

  private StepTypeReader() {}

  /** A class that says it is a step. {@code problem} is null if it is one. */
  record Found(@Nullable StepTypeInfo info, String uses, @Nullable String problem) {}

  /** Null if the class does not carry the annotation. */
  static @Nullable Found read(ProjectClasses project, String name) {
    byte[] bytes = project.bytes(name);
    if (bytes == null || !mentions(bytes)) {
      return null;
    }
    try {
      return parse(project, name);
    } catch (EngineException e) {
      return new Found(null, name.replace('/', '.'), e.getMessage());
    } catch (RuntimeException e) {
      return new Found(null, name.replace('/', '.'), ProjectClasses.damaged(name, e).getMessage());
    }
  }

  private static @Nullable Found parse(ProjectClasses project, String name) {
    Declared declared = new Declared();
    project.reader(name).accept(declared, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    if (declared.uses == null) {
      return null;
    }
    String className = name.replace('/', '.');
    String params = new StepParams(project).find(name);
    String wrong =
        params == null
            ? "does not implement " + StepParams.STEP.replace('/', '.')
            : declared.problem();
    if (wrong != null) {
      return broken(declared.uses, className, wrong);
    }
    try {
      StepTypeInfo info =
          new StepTypeInfo(
              declared.uses,
              className,
              declared.inputs,
              declared.outputs,
              ParamInfos.read(project, String.valueOf(params)),
              declared.deterministic);
      return new Found(info, declared.uses, null);
    } catch (ParamInfos.Unsupported e) {
      return broken(declared.uses, className, String.valueOf(e.getMessage()));
    }
  }

  private static Found broken(String uses, String className, String wrong) {
    return new Found(null, uses, "step class " + className + " " + wrong);
  }

  /** Most classes are no steps; to look for the annotation's name is cheaper than to parse. */
  private static boolean mentions(byte[] bytes) {
    for (int i = 0; i + NEEDLE.length <= bytes.length; i++) {
      int n = 0;
      while (n < NEEDLE.length && bytes[i + n] == NEEDLE[n]) {
        n++;
      }
      if (n == NEEDLE.length) {
        return true;
      }
    }
    return false;
  }

  private static final class Declared extends ClassVisitor {

    private @Nullable String uses;
    private boolean deterministic = true;
    private boolean concrete;
    private boolean constructible;
    private final List<PortInfo> inputs = new ArrayList<>();
    private final List<PortInfo> outputs = new ArrayList<>();

    Declared() {
      super(Opcodes.ASM9);
    }

    @Nullable String problem() {
      if (!concrete) {
        return "is abstract, so no step can be made of it";
      }
      return constructible ? null : "has no constructor without arguments";
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      concrete = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      constructible |= name.equals("<init>") && descriptor.equals("()V");
      return null;
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
      return descriptor.equals(STEP_TYPE) ? new Values() : null;
    }

    private final class Values extends AnnotationVisitor {

      Values() {
        super(Opcodes.ASM9);
      }

      @Override
      public void visit(String name, Object value) {
        if (name.equals("value")) {
          uses = value.toString();
        } else if (name.equals("deterministic")) {
          deterministic = Boolean.TRUE.equals(value);
        }
      }

      @Override
      public AnnotationVisitor visitArray(String name) {
        return new Ports(name.equals("inputs") ? inputs : outputs);
      }
    }
  }

  private static final class Ports extends AnnotationVisitor {

    private final List<PortInfo> ports;

    Ports(List<PortInfo> ports) {
      super(Opcodes.ASM9);
      this.ports = ports;
    }

    @Override
    public AnnotationVisitor visitAnnotation(@Nullable String none, String descriptor) {
      return new AnnotationVisitor(Opcodes.ASM9) {
        private String port = "";
        private OutputKind kind = OutputKind.TABLE;
        private boolean optional;
        private boolean files;

        @Override
        public void visit(String name, Object value) {
          if (name.equals("value")) {
            port = value.toString();
          } else if (name.equals("optional")) {
            optional = Boolean.TRUE.equals(value);
          } else if (name.equals("files")) {
            files = Boolean.TRUE.equals(value);
          }
        }

        @Override
        public void visitEnum(String name, String type, String value) {
          kind = OutputKind.valueOf(value);
        }

        @Override
        public void visitEnd() {
          ports.add(new PortInfo(port, kind, optional || port.equals("*"), files));
        }
      };
    }
  }
}
