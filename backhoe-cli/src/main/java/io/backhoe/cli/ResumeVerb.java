package io.backhoe.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        description = "Goes on with a run, or with the rollback of one, that has stopped or whose process has died.")
final class ResumeVerb extends OnRun {
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
                (stop, listener) -> backhoe.resume(runId, execution.options(), stop, listener));
    }
}
