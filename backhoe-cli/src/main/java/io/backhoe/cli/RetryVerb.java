package io.backhoe.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "retry", description = "Does failed chunks and quarantined rows of a run again.")
final class RetryVerb extends OnRun {
    @Mixin
    private ExecutionOptions execution = new ExecutionOptions();

    @Mixin
    private PluginOption plugins = new PluginOption();

    @Mixin
    private DriftOption drift = new DriftOption();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var backhoe = plugins.with(target).backhoe();
        drift.accept(out, target, runId, execution.options().cause());
        return Execution.of(
                out,
                target,
                execution,
                plugins,
                (stop, listener) -> backhoe.retry(runId, execution.options(), stop, listener));
    }
}
