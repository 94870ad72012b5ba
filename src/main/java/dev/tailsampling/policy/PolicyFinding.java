package dev.tailsampling.policy;

/**
 * The vote of a policy or a force rule and what led to it.
 *
 * @param vote the vote; where it was not asked, the vote that it would have given
 * @param part the part it had in the decision
 * @param finding what it found
 */
public record PolicyFinding(Vote vote, Part part, Finding finding) {

    /** The part that a policy had in a decision. */
    public enum Part {
        /** It decided. */
        DECIDED,
        /** It voted. */
        VOTED,
        /** It was not asked: the decision was there before. */
        NOT_ASKED
    }
}
