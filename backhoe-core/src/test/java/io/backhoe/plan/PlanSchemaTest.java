package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Seed;
import io.backhoe.spec.PublishedSchema;
import io.backhoe.spec.SpecFile;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PlanSchemaTest {
    @Test
    void acceptsEveryPlanThatIsWritten() {
        assertThat(PublishedSchema.problems(PlanFile.write(Plans.sample()))).isEmpty();
        Seed.times(200, random -> {
            String text = PlanFile.write(Plans.odd(random));
            assertThat(PublishedSchema.problems(text)).as(text).isEmpty();
        });
    }

    @Test
    void knowsExactlyTheKeysThatAPlanIsReadBy() {
        var asked = new AtomicReference<Map<String, Set<String>>>();
        String text = PlanFile.write(Plans.sample())
                        .replace("type: incremental", "type: correction")
                        .replace("chunk_by: day", "chunk_by: key")
                + "  monitoring: {}\n  server: {}\n  throttle: {probe: {query: q, max: 1}}\n"
                + "  reason: wrong\n  correction: {keys: fixes.csv, sha256: " + "0".repeat(64)
                + ", records: 1, key: [id], columns: [id], expect_rows: {min: 1, max: 2}}\n";
        SpecFile.readPlan(text, "p.yaml", (spec, in) -> {
            var opened = PlanFile.opened(spec, in, "p.yaml", Optional.empty());
            asked.set(in.asked());
            return opened;
        });

        assertThat(asked.get()).isEqualTo(PublishedSchema.keys("spec"));
    }
}
