package io.backhoe.check;

/** One check. Looks and writes nothing; whatever it throws means that it could not tell. */
interface Question {
    CheckResult ask(Ground ground);
}
