/// A drill's report: one self-contained HTML page, readable offline. Start at
/// [io.backstay.cli.report.ReportPage]. Never measures, judges or reads anything: it shows the
/// model that it is handed.
@NullMarked
package io.backstay.cli.report;

import org.jspecify.annotations.NullMarked;
