package io.backstay.recovery.fold;

import java.util.List;
import java.util.Optional;

/// The rows at the end of net changes, made from their images in the log.
final class RenderedImages implements AfterImages {
    /// Each may have brought 64 KiB of the log into memory.
    private static final int ROWS_BETWEEN_RELEASES = 512;

    private final NetCursor entry;
    private final Optional<RowRenderer> renderer;
    private final List<LogStretch> stretches;
    private final boolean isBiggerThanMemory;
    private final RowBuffer text = new RowBuffer();
    private int left;
    private int rows;

    /// @param renderer empty if there is no entry
    /// @param isBiggerThanMemory of all stretches together
    RenderedImages(
            NetCursor entry,
            Optional<RowRenderer> renderer,
            List<LogStretch> stretches,
            boolean isBiggerThanMemory) {
        this.entry = entry;
        this.renderer = renderer;
        this.stretches = stretches;
        this.isBiggerThanMemory = isBiggerThanMemory;
    }

    @Override
    public boolean next() {
        if (left > 1) {
            left--;
            return true;
        }
        do {
            if (!entry.next()) {
                return false;
            }
            left = entry.countAfter();
        } while (left == 0);
        render(entry.placeAfter());
        return true;
    }

    private void render(long place) {
        text.clear();
        renderer.orElseThrow()
                .render(
                        stretches.get(NetRows.stretchOf(place)).bytes(),
                        NetRows.offsetOf(place),
                        text);
        text.put('\n');
        if (isBiggerThanMemory && ++rows % ROWS_BETWEEN_RELEASES == 0) {
            var pages = new ReadPages(true);
            stretches.forEach(stretch -> pages.readAll(stretch.bytes()));
        }
    }

    @Override
    public byte[] text() {
        return text.bytes();
    }

    @Override
    public int count() {
        return text.length() - 1;
    }
}
