package dev.tailsampling.ottl;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a condition's text into tokens, the last of which is {@link Token.Type#END}. */
final class Lexer {

    /** Group names are those of the token types; the first alternative that matches counts. */
    private static final Pattern TOKEN = Pattern.compile("0x(?<BYTES>[a-fA-F0-9]+)"
            + "|(?<FLOAT>(?:\\d++\\.\\d*+|\\.\\d++)(?:[eE][-+]?\\d++)?)"
            + "|(?<INT>\\d++)"
            + "|(?<WORD>[A-Za-z][A-Za-z0-9_]*+)"
            + "|(?<SYMBOL>==|!=|>=|<=|[-><+*/=(){}:,.\\[\\]])");

    private final String text;
    private final Matcher matcher;
    private final List<Token> tokens = new ArrayList<>();

    private Lexer(String text) {
        this.text = text;
        this.matcher = TOKEN.matcher(text);
    }

    /** @throws OttlException at a character that begins no token, or a string that is not closed or has a wrong escape */
    static List<Token> tokens(String text) {
        return new Lexer(text).run();
    }

    private List<Token> run() {
        int offset = afterSpace(0);
        while (offset < text.length()) {
            offset = afterSpace(text.charAt(offset) == '"' ? string(offset) : token(offset));
        }
        tokens.add(new Token(Token.Type.END, "", text.length()));
        return tokens;
    }

    private int afterSpace(int offset) {
        int next = offset;
        while (next < text.length() && " \t\r\n\f".indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        return next;
    }

    private int token(int offset) {
        matcher.region(offset, text.length());
        if (!matcher.lookingAt()) {
            throw new OttlException("unexpected character '" + Character.toString(text.codePointAt(offset)) + "'",
                    text, offset);
        }
        for (Token.Type type : List.of(Token.Type.BYTES, Token.Type.FLOAT, Token.Type.INT, Token.Type.WORD,
                Token.Type.SYMBOL)) {
            String content = matcher.group(type.name());
            if (content != null) {
                tokens.add(new Token(type, content, offset));
            }
        }
        return matcher.end();
    }

    private int string(int offset) {
        StringEscapes content = new StringEscapes(text, offset + 1);
        tokens.add(new Token(Token.Type.STRING, content.read(), offset));
        return content.end();
    }
}
