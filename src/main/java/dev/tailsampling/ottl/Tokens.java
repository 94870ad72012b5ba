package dev.tailsampling.ottl;

import java.util.List;

/** The tokens of a condition with a place among them, and the words for what is wrong there. */
final class Tokens {

    private final String text;
    private final List<Token> tokens;
    private int next;

    Tokens(String text) {
        this.text = text;
        this.tokens = Lexer.tokens(text);
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        next += token.is(Token.Type.END) ? 0 : 1;
        return token;
    }

    boolean acceptSymbol(String symbol) {
        boolean there = peek().isSymbol(symbol);
        next += there ? 1 : 0;
        return there;
    }

    boolean acceptWord(String word) {
        boolean there = peek().isWord(word);
        next += there ? 1 : 0;
        return there;
    }

    void expectSymbol(String symbol) {
        if (!acceptSymbol(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    /** What follows the parenthesis that closes the one at the present place; the end if none does. */
    Token behindParentheses() {
        int depth = 0;
        for (int i = next; i < tokens.size(); i++) {
            depth += tokens.get(i).isSymbol("(") ? 1 : tokens.get(i).isSymbol(")") ? -1 : 0;
            if (depth == 0) {
                return tokens.get(i + 1);
            }
        }
        return tokens.getLast();
    }

    OttlException unexpected(String expected) {
        return problem("expected " + expected + " but found " + peek().described(), peek());
    }

    OttlException problem(String problem, Token at) {
        return new OttlException(problem, text, at.offset());
    }
}
