package dev.tandem.provider.http;

import dev.tandem.failure.Failure;
import dev.tandem.failure.FailureCode;
import java.util.Arrays;

/// Reads server-sent events (WHATWG HTML, "Server-sent events"): the data of one event after the
/// other. Names, ids, `retry` and comments are skipped, unless somebody wants them: no provider
/// says anything in them that its data does not.
///
/// Data is not copied: it stands in [#buffer()] until the next call of [#next()].
public final class SseReader {
    private static final int BUFFER_BYTES = 2 * 1024;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final ByteSource source;
    private final int eventBytesMax;
    private final SseFields fields;
    private byte[] buffer;

    /// Bytes from here on are kept: an event begins here.
    private int eventStart;

    /// What was not yet looked at.
    private int position;

    private int limit;
    private int lineStart;
    private int lineEnd;
    private int dataStart;
    private int dataEnd;
    private boolean afterReturn;
    private boolean begun;

    /// @param eventBytesMax the most bytes of one event; a longer one is a failure
    public SseReader(ByteSource source, int eventBytesMax) {
        this(source, eventBytesMax, (_, _, _) -> {});
    }

    /// @param fields told what is no data, before [#next()] returns the event that has it
    public SseReader(ByteSource source, int eventBytesMax, SseFields fields) {
        this.source = source;
        this.eventBytesMax = eventBytesMax;
        this.fields = fields;
        this.buffer = new byte[Math.min(BUFFER_BYTES, eventBytesMax)];
    }

    /// Blocks until an event with data is there.
    ///
    /// @return whether there was one; an event that the end cuts off is none
    public boolean next() throws InterruptedException {
        eventStart = position;
        boolean hasData = false;
        while (readLine()) {
            boolean ends = lineStart == lineEnd;
            if (ends && hasData) {
                return true;
            }
            if (!ends && isData()) {
                addLine(hasData);
                hasData = true;
                continue;
            }
            fields.line(buffer, lineStart, lineEnd);
            if (!hasData) {
                eventStart = position;
            }
        }
        return false;
    }

    /// Holds the event's data from [#offset()] on, [#length()] bytes of it.
    public byte[] buffer() {
        return buffer;
    }

    public int offset() {
        return dataStart;
    }

    public int length() {
        return dataEnd - dataStart;
    }

    private boolean isData() {
        int nameEnd = lineStart + DATA.length;
        return nameEnd <= lineEnd
                && Arrays.equals(buffer, lineStart, nameEnd, DATA, 0, DATA.length)
                && (nameEnd == lineEnd || buffer[nameEnd] == ':');
    }

    /// Lines of one event are joined where they stand: the name before each leaves room for the
    /// line break.
    private void addLine(boolean further) {
        int from = Math.min(lineStart + DATA.length + 1, lineEnd);
        if (from < lineEnd && buffer[from] == ' ') {
            from++;
        }
        if (!further) {
            dataStart = from;
            dataEnd = lineEnd;
            return;
        }
        int length = lineEnd - from;
        buffer[dataEnd] = '\n';
        System.arraycopy(buffer, from, buffer, dataEnd + 1, length);
        dataEnd += 1 + length;
    }

    private boolean readLine() throws InterruptedException {
        lineStart = position;
        while (true) {
            if (!begun && limit >= BYTE_ORDER_MARK.length) {
                begun = true;
                skipByteOrderMark();
            }
            while (position < limit) {
                byte here = buffer[position++];
                if (here == '\n' && afterReturn && position - 1 == lineStart) {
                    afterReturn = false;
                    lineStart = position;
                } else if (here == '\n' || here == '\r') {
                    lineEnd = position - 1;
                    afterReturn = here == '\r';
                    return true;
                }
            }
            if (!fill()) {
                return false;
            }
        }
    }

    private void skipByteOrderMark() {
        if (Arrays.equals(buffer, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
            lineStart = 3;
            position = 3;
        }
    }

    private boolean fill() throws InterruptedException {
        if (limit == buffer.length) {
            makeRoom();
        }
        int read = source.read(buffer, limit, buffer.length - limit);
        limit += Math.max(read, 0);
        return read >= 0;
    }

    private void makeRoom() {
        int shift = eventStart;
        if (shift == 0) {
            if (buffer.length >= eventBytesMax) {
                throw new Failure(
                        FailureCode.UPSTREAM_ERROR,
                        "the upstream sent an event of more than " + eventBytesMax + " bytes");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, eventBytesMax));
            return;
        }
        System.arraycopy(buffer, shift, buffer, 0, limit - shift);
        eventStart = 0;
        position -= shift;
        limit -= shift;
        lineStart -= shift;
        dataStart -= shift;
        dataEnd -= shift;
    }
}
