package io.backstay.cli.report;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// What the page's script draws, as JSON that is safe inside a `script` element.
///
/// Times are seconds since the epoch, with fractions.
record PlotData(double from, double to, List<Band> acts, List<Plot> clusters) {
    private static final JsonMapper MAPPER = new JsonMapper();

    record Band(int number, String title, double from, double to) {}

    record Plot(String cluster, List<Double> at, List<Double> commitsPerSecond, List<Gap> stalls) {}

    record Gap(double from, double to, String cause) {}

    static String of(ReportModel model) {
        var data =
                new PlotData(
                        seconds(model.started()),
                        seconds(model.ended()),
                        model.acts().stream()
                                .map(
                                        a ->
                                                new Band(
                                                        a.number(),
                                                        a.title(),
                                                        seconds(a.begun()),
                                                        seconds(a.ended())))
                                .toList(),
                        model.throughput().stream().map(PlotData::plot).toList());
        return MAPPER.writeValueAsString(data)
                .replace("<", "\\u003c")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static Plot plot(ReportModel.Throughput throughput) {
        return new Plot(
                throughput.cluster(),
                throughput.samples().stream().map(s -> seconds(s.at())).toList(),
                throughput.samples().stream().map(ReportModel.Sample::commitsPerSecond).toList(),
                throughput.stalls().stream()
                        .map(
                                s ->
                                        new Gap(
                                                seconds(s.from()),
                                                seconds(s.from().plus(s.lasted())),
                                                s.cause()))
                        .toList());
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }
}
