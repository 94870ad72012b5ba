package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;

/** The text form in which stores keep force rules. Thread-safe. */
public interface ForceRuleText {

    /** The rule as one line of text. */
    String write(ForceRule rule);

    /** The rule that the text is; the exception of a text that is none says what is wrong with it. */
    ForceRule read(String text);
}
