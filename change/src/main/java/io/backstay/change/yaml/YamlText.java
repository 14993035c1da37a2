package io.backstay.change.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// One YAML 1.2 document, read strictly.
///
/// Anchors, aliases, tags, duplicate keys, keys that are no text, and a second document are faults.
/// At most 1 MiB, nested at most 16 deep.
public final class YamlText {
    private static final int CHARS_MAX = 1 << 20;
    private static final int DEPTH_MAX = 16;

    private final String file;
    private final List<Fault> faults = new ArrayList<>();

    private YamlText(String file) {
        this.file = file;
    }

    /// The document's root.
    ///
    /// @param file as the person named it, for messages
    /// @throws FaultyFileException with all faults found so far
    public static YamlNode parse(String file, String text) {
        var reader = new YamlText(file);
        Optional<YamlNode> root = Optional.empty();
        try {
            if (text.length() > CHARS_MAX) {
                reader.fault(
                        new YamlNode.Place(1, 1),
                        "expected at most %d characters, found %d"
                                .formatted(CHARS_MAX, text.length()),
                        "Move what is long into files of its own.");
            } else {
                root = reader.document(events(text));
            }
        } catch (MarkedYamlEngineException e) {
            reader.fault(
                    place(e.getProblemMark()),
                    "not YAML: " + e.getProblem(),
                    "Look at quotes, colons and indentation here.");
        } catch (YamlEngineException e) {
            reader.fault(
                    new YamlNode.Place(1, 1),
                    "not YAML: " + e.getMessage(),
                    "The text must be UTF-8.");
        }
        if (!reader.faults.isEmpty() || root.isEmpty()) {
            throw new FaultyFileException(file, reader.faults);
        }
        return root.get();
    }

    private static Iterator<Event> events(String text) {
        return new Parse(
                        LoadSettings.builder()
                                .setUseMarks(true)
                                .setCodePointLimit(CHARS_MAX)
                                .build())
                .parseString(text)
                .iterator();
    }

    private Optional<YamlNode> document(Iterator<Event> events) {
        Optional<YamlNode> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
                case Alias, Scalar, SequenceStart, MappingStart, SequenceEnd, MappingEnd -> {
                    if (root.isPresent()) {
                        fault(place(event), "a second document", "One file holds one document.");
                        return root;
                    }
                    root = Optional.of(node(event, events, 0));
                }
            }
        }
        if (root.isEmpty()) {
            fault(
                    new YamlNode.Place(1, 1),
                    "expected a mapping, found nothing",
                    "See the examples that `backstay drill` ships.");
        }
        return root;
    }

    private YamlNode node(Event event, Iterator<Event> events, int depth) {
        YamlNode.Place place = place(event);
        if (depth > DEPTH_MAX) {
            fault(place, "nested deeper than %d".formatted(DEPTH_MAX), "No field is that deep.");
            throw new FaultyFileException(file, faults);
        }
        return switch (event) {
            case AliasEvent alias -> {
                fault(
                        place,
                        "an alias, *%s".formatted(alias.getAlias()),
                        "Write the value out: what is reviewed must stand where it is read.");
                yield new YamlNode.Scalar(place, "", true);
            }
            case ScalarEvent scalar -> {
                plainOnly(place, scalar.getAnchor(), scalar.getTag());
                yield new YamlNode.Scalar(place, scalar.getValue(), scalar.isPlain());
            }
            case SequenceStartEvent start -> sequence(start, place, events, depth);
            case MappingStartEvent start -> mapping(start, place, events, depth);
            default -> throw new IllegalStateException("not the start of a node: " + event);
        };
    }

    private YamlNode sequence(
            CollectionStartEvent start, YamlNode.Place place, Iterator<Event> events, int depth) {
        plainOnly(place, start.getAnchor(), start.getTag());
        List<YamlNode> items = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
            items.add(node(e, events, depth + 1));
        }
        return new YamlNode.Sequence(place, List.copyOf(items));
    }

    private YamlNode mapping(
            CollectionStartEvent start, YamlNode.Place place, Iterator<Event> events, int depth) {
        plainOnly(place, start.getAnchor(), start.getTag());
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            YamlNode key = node(e, events, depth + 1);
            YamlNode value = node(events.next(), events, depth + 1);
            if (!(key instanceof YamlNode.Scalar name)) {
                fault(
                        key.place(),
                        "expected a name as key, found " + key.kind(),
                        "Keys are plain names.");
            } else if (!seen.add(name.text())) {
                fault(
                        name.place(),
                        "`%s` is given twice".formatted(name.text()),
                        "Keep one of them.");
            } else {
                entries.add(new YamlNode.Entry(name, value));
            }
        }
        return new YamlNode.Mapping(place, List.copyOf(entries));
    }

    private void plainOnly(YamlNode.Place place, Optional<Anchor> anchor, Optional<String> tag) {
        anchor.ifPresent(
                a ->
                        fault(
                                place,
                                "an anchor, &%s".formatted(a.getValue()),
                                "Write the value out where it is needed."));
        tag.filter(t -> !t.equals("!"))
                .ifPresent(
                        t ->
                                fault(
                                        place,
                                        "a tag, %s".formatted(t),
                                        "Leave the tag out; the field decides what a value is."));
    }

    private void fault(YamlNode.Place place, String what, String hint) {
        faults.add(new Fault(file, place.line(), place.column(), what, hint));
    }

    private static YamlNode.Place place(Event event) {
        return place(event.getStartMark());
    }

    private static YamlNode.Place place(Optional<Mark> mark) {
        return mark.map(m -> new YamlNode.Place(m.getLine() + 1, m.getColumn() + 1))
                .orElse(new YamlNode.Place(1, 1));
    }
}
