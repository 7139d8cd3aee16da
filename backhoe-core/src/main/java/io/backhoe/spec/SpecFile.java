package io.backhoe.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** The YAML text of a spec, or of a plan, which is a spec with a hash. See {@code docs/spec.md} for the keys. */
public final class SpecFile {
    private static final String ROOT = "backfill";
    private static final int MAX_CODE_POINTS = 256 * 1024 * 1024;

    private SpecFile() {}

    /**
     * Reads a spec and completes it from the command line.
     *
     * @param fileName for messages only
     * @throws InvalidSpec naming every problem of the file
     */
    public static ReadSpec read(String text, String fileName, SpecOverrides overrides) {
        var problems = new Problems(fileName);
        Section backfill = open(text, problems);
        var reader = new SpecReader(backfill, overrides, problems);
        Spec spec = reader.spec();
        reader.refusePlanKeys();
        backfill.close();
        problems.throwIfAny();
        return new ReadSpec(spec, reader.warnings());
    }

    /**
     * Reads a plan: the keys of the spec here, its own by {@code rest}, which gets the spec without its chunks and the
     * section that holds all keys. When there was any problem {@code rest} still runs, so that its problems are told
     * too, and what it returns is dropped.
     *
     * @throws InvalidSpec naming every problem of the file
     */
    public static <T> T readPlan(String text, String fileName, BiFunction<Spec, Section, T> rest) {
        var problems = new Problems(fileName);
        Section backfill = open(text, problems);
        Spec spec = new SpecReader(backfill, SpecOverrides.NONE, problems).specOfPlan();
        T plan = rest.apply(spec, backfill);
        backfill.close();
        problems.throwIfAny();
        return plan;
    }

    /** Whether this is a plan: it has a hash. A text that is not YAML is no plan. */
    public static boolean isPlan(String text) {
        try {
            Node root = compose(text).get(0);
            Node backfill = root instanceof MappingNode map ? child(map, ROOT) : null;
            return backfill instanceof MappingNode map && child(map, "hash") != null;
        } catch (YamlEngineException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    private static @Nullable Node child(MappingNode map, String key) {
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode scalar
                    && scalar.getValue().equals(key)) {
                return tuple.getValueNode();
            }
        }
        return null;
    }

    /** Opens the section that everything stands in; without one there is nothing to go on with. */
    static Section open(String text, Problems problems) {
        Section root = document(text, "the file is empty; everything stands below the key backfill", problems)
                .section();
        Value backfill = root == null ? null : root.require(ROOT, v -> v);
        if (root != null) {
            root.close();
        }
        Section section = backfill == null ? null : backfill.sectionAt("");
        if (backfill != null && backfill.isNothing()) {
            backfill.problem("is empty");
        }
        if (section == null) {
            problems.throwIfAny();
            throw new IllegalStateException("a file without a section, and no problem");
        }
        return section;
    }

    /** The one document of a file. */
    static Value document(String text, String whenEmpty, Problems problems) {
        List<Node> documents = documents(text, problems);
        if (documents.isEmpty()) {
            problems.addAtLine(1, whenEmpty);
            problems.throwIfAny();
        }
        if (documents.size() > 1) {
            problems.add(documents.get(1), "", "a second document starts here; a file holds one", null);
        }
        return new Value(documents.get(0), "", problems);
    }

    private static List<Node> documents(String text, Problems problems) {
        try {
            return compose(text);
        } catch (ShallowParser.TooDeep e) {
            problems.add(e.getProblemMark().orElse(null), "", e.getProblem(), null);
        } catch (MarkedYamlEngineException e) {
            // only what is wrong, never the snippet: it could be the line with the password
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            String problem = e.getProblem().replaceAll("(undefined alias|undefined tag handle).*", "$1");
            problems.add(e.getProblemMark().orElse(null), "", "not YAML: " + context + problem, null);
        } catch (ReaderException e) {
            int line = (int) text.codePoints()
                    .limit(e.getPosition())
                    .filter(c -> c == '\n')
                    .count();
            String character = String.format("U+%04X", e.getCodePoint());
            problems.addAtLine(line + 1, "not YAML: the character " + character + " is not allowed");
        } catch (YamlEngineException e) {
            problems.addAtLine(1, "not YAML: " + e.getMessage());
        }
        problems.throwIfAny();
        return List.of();
    }

    private static List<Node> compose(String text) {
        // failsafe: every value stays the text that was written, also 5_200_000 and 2023-01-01
        var settings = LoadSettings.builder()
                .setSchema(new FailsafeSchema())
                .setUseMarks(true)
                .setAllowDuplicateKeys(true)
                // all at once: at the border of a buffer this parser stumbles over characters such as U+1F69C
                .setBufferSize(text.length() + 2)
                .setCodePointLimit(MAX_CODE_POINTS)
                .build();
        var documents = new ArrayList<Node>();
        var parser = new ParserImpl(settings, new StreamReader(settings, text));
        new Composer(settings, new ShallowParser(parser)).forEachRemaining(documents::add);
        return documents;
    }
}
