package io.backhoe.cli;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.value.BackhoeException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file that a plan goes to. Another plan that is there is kept beside it, because it may be the one that was reviewed;
 * one that somebody edited is left alone, because nothing else knows the edit.
 */
final class PlanPlace {
    private static final String ENDING = ".yaml";

    private final OutputFile file;

    PlanPlace(OutputFile file) {
        this.file = file;
    }

    /**
     * A plan that another has taken the place of.
     *
     * @param hash as it says itself
     * @param keptAs the file that it is in now
     */
    record Replaced(String hash, String keptAs) {
        Map<String, String> data() {
            var data = new LinkedHashMap<String, String>();
            data.put("plan_hash", hash);
            data.put("path", keptAs);
            return data;
        }
    }

    /**
     * @param force whether anything that is there may be overwritten
     * @return what was there, when it was another plan
     * @throws BackhoeException REFUSED {@code file_exists}
     */
    @Nullable
    Replaced write(Plan plan, boolean force) {
        Replaced replaced = file.exists() ? makeRoom(plan, force) : null;
        file.write(PlanFile.write(plan));
        return replaced;
    }

    private @Nullable Replaced makeRoom(Plan plan, boolean force) {
        String text = file.isRegular() ? file.beginning(Integer.MAX_VALUE) : "";
        if (!PlanFile.isPlan(text)) {
            if (!force) {
                throw file.isThere("and is not a plan");
            }
            return null;
        }
        String hash = hash(text);
        if (hash == null && !force) {
            throw file.isThere("and was edited since it was planned");
        }
        if (plan.hash().equals(hash)) {
            return null;
        }
        OutputFile kept = OutputFile.of(keptAs());
        kept.write(text);
        return new Replaced(hash == null ? "of a plan that was edited" : hash, kept.name());
    }

    /** @return null for a plan that is not as it was made */
    private @Nullable String hash(String text) {
        try {
            return PlanFile.read(text, file.name()).hash();
        } catch (BackhoeException e) {
            return null;
        }
    }

    private String keptAs() {
        String name = String.valueOf(file.path().getFileName());
        String bare = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        Path kept = file.path().resolveSibling(bare + ".replaced" + ENDING);
        return kept.toString();
    }
}
