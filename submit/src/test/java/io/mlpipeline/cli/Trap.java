package io.mlpipeline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Halts a process in the very call that makes a file appear, in the thread that makes it. It is an
 * agent: the two classes through which files of a local warehouse come to be are changed as they
 * are loaded, so that the engine itself needs no hook.
 */
public final class Trap {

  /** The property that says which files are traps, as an absolute glob. */
  static final String GLOB = "trap";

  private static final String OWN = "io/mlpipeline/cli/Trap";
  private static final String LINKED_FILES = "io/mlpipeline/delta/LinkedFiles";
  private static final String HADOOP = "org/apache/hadoop/fs/RawLocalFileSystem";
  private static final PathMatcher MATCHER =
      FileSystems.getDefault().getPathMatcher("glob:" + System.getProperty(GLOB, ""));

  private Trap() {}

  /** Called by the JVM. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> type,
              ProtectionDomain domain,
              byte[] code) {
            return LINKED_FILES.equals(name) || HADOOP.equals(name) ? changed(code) : null;
          }
        });
  }

  /** Writes the jar that {@code -javaagent} wants: it only names this class. */
  static Path jar(Path directory) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Trap.class.getName());
    Path jar = directory.resolve("trap.jar");
    try {
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stands for {@link Files#createLink}. */
  public static Path createLink(Path link, Path existing) throws IOException {
    Path made = Files.createLink(link, existing);
    appeared(link);
    return made;
  }

  /** Stands for {@link Files#move}. */
  public static Path move(Path from, Path to, CopyOption... options) throws IOException {
    Path moved = Files.move(from, to, options);
    appeared(to);
    return moved;
  }

  /** A file that Hadoop has just opened: there are no bytes in it yet. */
  public static void opened(org.apache.hadoop.fs.Path file) {
    appeared(Path.of(file.toUri().getPath()));
  }

  private static void appeared(Path file) {
    if (MATCHER.matches(file)) {
      Runtime.getRuntime().halt(Dying.HALTED);
    }
  }

  private static byte[] changed(byte[] code) {
    ClassReader reader = new ClassReader(code);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, type, signature, exceptions);
            boolean opens =
                name.equals("create") && type.startsWith("(Lorg/apache/hadoop/fs/Path;");
            return new Calls(next, opens && (access & Opcodes.ACC_STATIC) == 0);
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Sends the calls that make a file appear through here. */
  private static final class Calls extends MethodVisitor {

    private final boolean opens;

    Calls(MethodVisitor next, boolean opens) {
      super(Opcodes.ASM9, next);
      this.opens = opens;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String type, boolean of) {
      boolean ours =
          owner.equals("java/nio/file/Files") && (name.equals("createLink") || name.equals("move"));
      super.visitMethodInsn(opcode, ours ? OWN : owner, name, type, of);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opens && opcode == Opcodes.ARETURN) {
        super.visitVarInsn(Opcodes.ALOAD, 1);
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC, OWN, "opened", "(Lorg/apache/hadoop/fs/Path;)V", false);
      }
      super.visitInsn(opcode);
    }
  }
}
