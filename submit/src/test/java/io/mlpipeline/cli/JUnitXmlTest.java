package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.rehearse.CaseResult;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class JUnitXmlTest {

  @TempDir Path folder;

  @Test
  void aParserReadsWhatWasWrittenWhateverTheMessagesHold() throws Exception {
    Path file = folder.resolve("new/folder/report.xml");
    JUnitXml.write(
        file,
        "churn",
        List.of(
            new CaseResult("good", null, "a.conf:1", 0.5, List.of()),
            new CaseResult(
                "bad", "why", "a.conf:9", 1.25, List.of("x < \"y\" & z\u0000", "  second ]]>"))));
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getDocumentElement();
    assertThat(suite.getTagName()).isEqualTo("testsuite");
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("1.750");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("x < \"y\" & z\uFFFD");
    assertThat(failure.getTextContent()).startsWith("a.conf:9\nx <").endsWith("second ]]>");
    assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("bad");
  }
}
