package io.backstay.tests.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import io.backstay.cli.report.ReportModel;
import io.backstay.cli.report.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reported as skipped, with its reason, where there is no chromium.
class ReportInABrowserIT {
    private static final Path PICTURES = Path.of("target", "report");
    private static final List<String> FLAGS =
            List.of(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    @TempDir private static Path folder;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void startBrowser() {
        Optional<Path> chromium =
                Stream.of(
                                "/usr/bin/chromium",
                                "/usr/bin/chromium-browser",
                                "/usr/bin/google-chrome")
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "NOT RUN: no chromium on this machine");
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium.get())
                                        .setArgs(FLAGS));
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void theFullReportLoadsWithoutNetworkAndWithoutComplaint() throws IOException {
        Page page = open(SampleReport.full(), 1280, ColorScheme.LIGHT);
        assertThat(requests).as("requests beside the file itself").isEmpty();
        assertThat(complaints).isEmpty();
        assertThat(page.locator("#claims tbody tr").count()).isEqualTo(12);
        assertThat(page.locator("#timeline-table tbody tr").count()).isEqualTo(161);
        assertThat(page.locator("#ledgers tbody tr").count()).isEqualTo(7);
        assertThat(page.locator(".canvas canvas").count()).isEqualTo(3);
        picture(page, "wide-light");
    }

    @Test
    void whatAHostSaysIsShownAsTextAndNeverRun() throws IOException {
        Page page = open(SampleReport.full(), 1280, ColorScheme.LIGHT);
        assertThat(page.locator("#refusals").innerText())
                .contains("<script>alert(1)</script> is text");
        assertThat(page.locator("#refusals script").count()).isZero();
    }

    @Test
    void everyOutcomeIsSaidInAWord() throws IOException {
        Page page = open(SampleReport.full(), 1280, ColorScheme.LIGHT);
        assertThat(page.locator("#claims tbody .outcome").allInnerTexts())
                .hasSize(12)
                .allMatch(text -> text.matches("(✓ passed|✗ failed|– not covered)"));
    }

    @Test
    void theTimelineIsFilteredByClusterKindAndText() throws IOException {
        Page page = open(SampleReport.full(), 1280, ColorScheme.LIGHT);
        page.locator("#filter-cluster").selectOption("c2");
        assertThat(page.locator("#timeline-table tbody tr:visible").count()).isEqualTo(53);
        page.locator("#filter-type").selectOption("act-done");
        assertThat(page.locator("#filter-count").innerText()).isEqualTo("13 entries");
        page.locator("#filter-cluster").selectOption("");
        page.locator("#filter-type").selectOption("");
        page.locator("#filter-text").fill("go on after the freeze");
        assertThat(page.locator("#filter-count").innerText()).isEqualTo("1 entry");
    }

    @Test
    void aNarrowScreenNeedsNoSidewaysScrolling() throws IOException {
        Page page = open(SampleReport.full(), 400, ColorScheme.DARK);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(400);
        picture(page, "narrow-dark");
    }

    @Test
    void darkAndPrintedPagesAreDrawnToo() throws IOException {
        Page page = open(SampleReport.full(), 1280, ColorScheme.DARK);
        picture(page, "wide-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        picture(page, "print");
        assertThat(complaints).isEmpty();
    }

    @Test
    void aRunOfOneActSaysWhatItDidNotPlay() throws IOException {
        Page page = open(SampleReport.small(), 1280, ColorScheme.LIGHT);
        assertThat(complaints).isEmpty();
        assertThat(page.locator(".absent").count()).isEqualTo(9);
        picture(page, "small");
    }

    private Page open(ReportModel model, int width, ColorScheme scheme) throws IOException {
        Path file = Files.writeString(folder.resolve("report.html"), ReportPage.render(model));
        Page page =
                browser.newPage(
                        new Browser.NewPageOptions()
                                .setViewportSize(width, 900)
                                .setColorScheme(scheme));
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onRequest(
                request -> {
                    if (!request.url().equals(file.toUri().toString())
                            && !request.url().startsWith("data:")) {
                        requests.add(request.url());
                    }
                });
        page.navigate(file.toUri().toString());
        return page;
    }

    private static void picture(Page page, String name) throws IOException {
        Files.createDirectories(PICTURES);
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(name + ".png"))
                        .setFullPage(true));
    }
}
