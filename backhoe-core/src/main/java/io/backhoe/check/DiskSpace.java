package io.backhoe.check;

import java.util.Locale;

/** Whether what the run takes fits into what somebody says is free: no session can see the disk. */
final class DiskSpace implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        Long free = ground.plan().spec().server().diskFree();
        if (free == null) {
            // It can never be read here, so it is said and does not stop the run.
            return CheckResult.couldNotTell(
                            "the server tells its free disk space to nobody who is connected; not watched."
                                    + " server.disk_free in the spec (such as 200GB) lets this compare")
                    .asWarning();
        }
        var forecast = ground.plan().forecast();
        if (forecast == null) {
            return CheckResult.couldNotTell("the plan has no forecast of what it takes; plan again")
                    .asWarning();
        }
        String what = "it is expected to take " + gigabytes(forecast.diskBytes())
                + ", half as much again included, and the" + " spec says that " + gigabytes(free) + " are free";
        return forecast.diskBytes() <= free ? CheckResult.holds(what) : CheckResult.fails(what);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / (double) (1L << 30));
    }
}
