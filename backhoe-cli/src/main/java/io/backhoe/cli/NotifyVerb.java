package io.backhoe.cli;

import io.backhoe.notify.Webhook;
import io.backhoe.notify.WebhookListener;
import io.backhoe.plan.PlanFile;
import io.backhoe.spec.Secrets;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SystemTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "notify",
        description =
                "Tries whether those whom a spec or a plan names under monitoring can be told. Needs no database.")
final class NotifyVerb implements Verb {
    @Option(names = "--test", required = true, description = "Send a message that says it is a trial.")
    private boolean test;

    @Parameters(paramLabel = "PLAN|SPEC", description = "The file of a plan or of a spec; - reads stdin.")
    private String file = "";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) throws InterruptedException {
        var source = SourceFile.read(file, out.terminal());
        Spec spec = spec(source);
        var webhook = Webhook.of(spec.monitoring(), new Secrets(out.terminal().env()))
                .orElseThrow(() -> new BackhoeException(
                        ExitCode.USAGE,
                        "webhook_missing",
                        source.name() + " has no monitoring.progress_webhook that could be told. Nothing was sent.",
                        "Write into the spec: monitoring: { progress_webhook: \"${env:SLACK_WEBHOOK}\" }; a saved plan"
                                + " keeps references alone."));
        String problem = WebhookListener.test(
                webhook, spec.about().name(), spec.scope().table().toString(), new SystemTime());
        if (problem != null) {
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "webhook_not_taken",
                    webhook.where() + " " + problem + ". A run would go on all the same, and nobody would be told.",
                    "Look at the address, and at what its owner says of it; then try again.");
        }
        out.line(webhook.where() + " has taken a message (" + webhook.format().word() + "); runs tell it "
                + webhook.frequency().word());
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("webhook", webhook.where());
        data.put("format", webhook.format().word());
        data.put("update_frequency", webhook.frequency().word());
        return Answer.done(data);
    }

    private static Spec spec(SourceFile source) {
        return PlanFile.isPlan(source.text())
                ? PlanFile.read(source.text(), source.name()).spec()
                : SpecFile.read(source.text(), source.name(), SpecOverrides.NONE)
                        .spec();
    }
}
