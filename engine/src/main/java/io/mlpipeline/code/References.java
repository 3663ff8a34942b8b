package io.mlpipeline.code;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;

/** Gathers the classes that a class names. */
final class References {

  final Set<String> all = new HashSet<>();
  final Set<String> called = new HashSet<>();

  void name(String internalName) {
    if (internalName.startsWith("[")) {
      type(Type.getObjectType(internalName));
    } else {
      all.add(internalName);
    }
  }

  void descriptor(String descriptor) {
    type(Type.getType(descriptor));
  }

  void type(Type type) {
    switch (type.getSort()) {
      case Type.ARRAY -> type(type.getElementType());
      case Type.OBJECT -> all.add(type.getInternalName());
      case Type.METHOD -> {
        type(type.getReturnType());
        for (Type argument : type.getArgumentTypes()) {
          type(argument);
        }
      }
      default -> {}
    }
  }

  void signature(@Nullable String signature) {
    if (signature != null) {
      new SignatureReader(signature).accept(new Signatures());
    }
  }

  /** A call; only those that a subclass may answer count as such. */
  void call(int opcode, String owner) {
    name(owner);
    if (opcode == Opcodes.INVOKEVIRTUAL || opcode == Opcodes.INVOKEINTERFACE) {
      called.add(owner);
    }
  }

  void constant(Object value) {
    if (value instanceof Type type) {
      type(type);
    } else if (value instanceof Handle handle) {
      handle(handle);
    } else if (value instanceof ConstantDynamic dynamic) {
      descriptor(dynamic.getDescriptor());
      handle(dynamic.getBootstrapMethod());
      for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
        constant(dynamic.getBootstrapMethodArgument(i));
      }
    }
  }

  void handle(Handle handle) {
    name(handle.getOwner());
    descriptor(handle.getDesc());
    if (handle.getTag() == Opcodes.H_INVOKEVIRTUAL
        || handle.getTag() == Opcodes.H_INVOKEINTERFACE) {
      called.add(handle.getOwner());
    }
  }

  private final class Signatures extends SignatureVisitor {

    private String current = "";

    Signatures() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitClassType(String name) {
      current = name;
      all.add(name);
    }

    @Override
    public void visitInnerClassType(String name) {
      current = current + "$" + name;
      all.add(current);
    }

    @Override
    public SignatureVisitor visitTypeArgument(char wildcard) {
      return new Signatures();
    }
  }
}
