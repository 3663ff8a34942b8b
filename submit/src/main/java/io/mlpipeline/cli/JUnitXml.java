package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.rehearse.CaseResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes results as the XML that CI servers read: one suite, a test case each. */
final class JUnitXml {

  private JUnitXml() {}

  static void write(Path file, String suite, List<CaseResult> results) {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, "UTF-8");
        document(xml, suite, results);
        xml.close();
      }
    } catch (IOException | XMLStreamException e) {
      throw new EngineException(
          ErrorType.ACCESS_DENIED, "cannot write --junit " + file + ": " + e.getMessage(), e);
    }
  }

  private static void document(XMLStreamWriter xml, String suite, List<CaseResult> results)
      throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", suite);
    xml.writeAttribute("tests", Integer.toString(results.size()));
    xml.writeAttribute(
        "failures", Long.toString(results.stream().filter(result -> !result.isPassed()).count()));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", "0");
    xml.writeAttribute("time", seconds(results.stream().mapToDouble(CaseResult::seconds).sum()));
    for (CaseResult result : results) {
      xml.writeCharacters("\n  ");
      testCase(xml, suite, result);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private static void testCase(XMLStreamWriter xml, String suite, CaseResult result)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", suite);
    xml.writeAttribute("name", result.name());
    xml.writeAttribute("time", seconds(result.seconds()));
    if (!result.isPassed()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("type", "difference");
      xml.writeAttribute("message", legal(result.differences().get(0)));
      xml.writeCharacters(legal(result.place() + "\n" + String.join("\n", result.differences())));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  /** XML has no way to write most control characters. */
  private static String legal(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean isLegal =
                  c == '\t'
                      || c == '\n'
                      || (c >= 0x20 && c <= 0xD7FF)
                      || (c >= 0xE000 && c <= 0xFFFD)
                      || c >= 0x10000;
              out.appendCodePoint(isLegal ? c : 0xFFFD);
            });
    return out.toString();
  }
}
