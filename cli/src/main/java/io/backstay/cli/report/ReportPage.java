package io.backstay.cli.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The report as one HTML file: style, script and plot library inside, nothing fetched.
///
/// Pure: the same model gives the same page.
public final class ReportPage {
    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String OWN = "io/backstay/cli/report/";

    private ReportPage() {}

    public static String render(ReportModel model) {
        var page = new StringOutput();
        TemplateEngine.createPrecompiled(ContentType.Html)
                .render(
                        "report/page.jte",
                        Map.of(
                                "model", model,
                                "style",
                                        resource(UPLOT + "uPlot.min.css")
                                                + resource(OWN + "report.css"),
                                "plotLibrary", resource(UPLOT + "uPlot.iife.min.js"),
                                "script", resource(OWN + "report.js"),
                                "plotData", PlotData.of(model)),
                        page);
        return page.toString();
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
