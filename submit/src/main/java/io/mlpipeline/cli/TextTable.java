package io.mlpipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns that line up; numbers to the right; no drawing, so that other tools can read it. */
final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  /** Headers; one that begins with {@code >} is a column of numbers. */
  TextTable(String... headers) {
    right = new boolean[headers.length];
    String[] plain = headers.clone();
    for (int i = 0; i < headers.length; i++) {
      right[i] = headers[i].startsWith(">");
      plain[i] = right[i] ? headers[i].substring(1) : headers[i];
    }
    rows.add(Arrays.asList(plain));
  }

  TextTable row(String... cells) {
    rows.add(Arrays.stream(cells).map(c -> Messages.clean(c).replace('\n', ' ')).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  void print(PrintWriter out) {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : "  ");
        line.append(right[i] ? pad + row.get(i) : row.get(i) + pad);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
