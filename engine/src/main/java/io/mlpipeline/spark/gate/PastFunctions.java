package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.BinaryExpressionOperand;
import software.amazon.glue.dqdl.model.condition.number.FunctionCallOperand;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;

/** The functions of a metric's past: {@code last(k)} and what is made of it. */
final class PastFunctions {

  private static final String LAST = "last";
  private static final Set<String> OF_ALL = Set.of("avg", "min", "max", "sum", "std", "median");
  private static final Set<String> OF_ONE = Set.of("percentile", "index");

  private PastFunctions() {}

  /** How many runs it takes to compute an operand. */
  static int needed(NumericOperand operand) {
    if (operand instanceof BinaryExpressionOperand both) {
      return Math.max(needed(both.getOperand1()), needed(both.getOperand2()));
    }
    if (!(operand instanceof FunctionCallOperand call)) {
      return 0;
    }
    int most = looked(call);
    return switch (call.getFunctionName()) {
      case LAST -> 1;
      case "sum" -> most;
      case "index" -> (int) argument(call) + 1;
      case "std" -> 2;
      default -> Math.min(2, most);
    };
  }

  /** How many runs an operand looks at. */
  static int looked(NumericOperand operand) {
    if (operand instanceof BinaryExpressionOperand both) {
      return Math.max(looked(both.getOperand1()), looked(both.getOperand2()));
    }
    if (!(operand instanceof FunctionCallOperand call)) {
      return 0;
    }
    List<NumericOperand> arguments = call.getOperands();
    if (LAST.equals(call.getFunctionName())) {
      return arguments.isEmpty() ? 1 : Integer.parseInt(arguments.get(0).getOperand());
    }
    return looked(arguments.get(0));
  }

  /**
   * The value of a call.
   *
   * @param past at least as many values as are needed, oldest first
   */
  static double value(FunctionCallOperand call, double... past) {
    int k = Math.min(past.length, looked(call));
    double[] last = Arrays.copyOfRange(past, past.length - k, past.length);
    return switch (call.getFunctionName()) {
      case "avg" -> Sample.mean(last);
      case "min" -> Arrays.stream(last).min().orElse(Double.NaN);
      case "max" -> Arrays.stream(last).max().orElse(Double.NaN);
      case "sum" -> Arrays.stream(last).sum();
      case "std" -> Sample.deviation(last);
      case "median" -> Sample.median(last);
      case "percentile" -> Sample.percentile(argument(call), last);
      case "index" -> last[last.length - 1 - (int) argument(call)];
      default -> last[last.length - 1];
    };
  }

  private static double argument(FunctionCallOperand call) {
    return Double.parseDouble(call.getOperands().get(1).getOperand());
  }

  /** What is wrong with the calls of an operand. */
  static List<Fault> faults(NumericOperand operand) {
    List<Fault> faults = new ArrayList<>();
    check(operand, faults);
    return faults;
  }

  private static void check(NumericOperand operand, List<Fault> faults) {
    if (operand instanceof BinaryExpressionOperand both) {
      check(both.getOperand1(), faults);
      check(both.getOperand2(), faults);
    } else if (operand instanceof FunctionCallOperand call) {
      call(call, faults);
    }
  }

  private static void call(FunctionCallOperand call, List<Fault> faults) {
    String name = call.getFunctionName();
    List<NumericOperand> arguments = call.getOperands();
    if (LAST.equals(name)) {
      if (last(call, faults) && looked(call) > 1) {
        faults.add(
            Fault.of(
                call.getOperand() + " is several values where one is wanted",
                "avg(" + call.getOperand() + "), or index(" + call.getOperand() + ", 0)"));
      }
      return;
    }
    int wanted = OF_ALL.contains(name) ? 1 : OF_ONE.contains(name) ? 2 : 0;
    if (wanted == 0) {
      faults.add(unknown(name));
      return;
    }
    boolean isOfLast =
        arguments.size() == wanted
            && arguments.get(0) instanceof FunctionCallOperand inner
            && LAST.equals(inner.getFunctionName());
    if (!isOfLast) {
      faults.add(
          Fault.of(
              call.getOperand() + " is written otherwise",
              name + (wanted == 1 ? "(last(10))" : "(last(10), 0)")));
    } else if (last((FunctionCallOperand) arguments.get(0), faults) && wanted == 2) {
      second(call, faults);
    }
  }

  private static Fault unknown(String name) {
    Set<String> known = new TreeSet<>(OF_ALL);
    known.addAll(OF_ONE);
    known.add(LAST);
    return Fault.of(
        "there is no function \"" + name + "\"",
        Nearest.suggestion(name, known).orElse("known: " + String.join(", ", known)));
  }

  private static boolean last(FunctionCallOperand call, List<Fault> faults) {
    List<NumericOperand> arguments = call.getOperands();
    boolean isSound =
        arguments.isEmpty()
            || (arguments.size() == 1 && isWhole(arguments.get(0), 1, History.MOST_RUNS));
    if (!isSound) {
      faults.add(
          Fault.of(
              call.getOperand() + " does not say how many runs",
              "last(10); at most " + History.MOST_RUNS));
    }
    return isSound;
  }

  private static void second(FunctionCallOperand call, List<Fault> faults) {
    NumericOperand second = call.getOperands().get(1);
    boolean isIndex = "index".equals(call.getFunctionName());
    int most = isIndex ? looked(call) - 1 : 100;
    if (!isWhole(second, 0, most)) {
      faults.add(
          Fault.of(
              second.getOperand() + " is no " + (isIndex ? "index" : "percentile"),
              "a whole number from 0 to " + most + (isIndex ? "; 0 is the newest run" : "")));
    }
  }

  private static boolean isWhole(NumericOperand operand, int least, int most) {
    if (!(operand instanceof AtomicNumberOperand) || !operand.getOperand().matches("\\d{1,4}")) {
      return false;
    }
    int value = Integer.parseInt(operand.getOperand());
    return value >= least && value <= most;
  }
}
