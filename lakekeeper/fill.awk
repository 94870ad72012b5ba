# Replaces ${NAME} by the environment variable NAME, escaped for a JSON text; an unset one is an error.
function json(text) {
    gsub(/[\\"]/, "\\\\&", text)
    return text
}
{
    rest = $0
    line = ""
    while (match(rest, /\$\{[A-Z0-9_]+\}/)) {
        name = substr(rest, RSTART + 2, RLENGTH - 3)
        if (!(name in ENVIRON) || ENVIRON[name] == "") {
            print FILENAME ": set the environment variable " name > "/dev/stderr"
            exit 2
        }
        line = line substr(rest, 1, RSTART - 1) json(ENVIRON[name])
        rest = substr(rest, RSTART + RLENGTH)
    }
    print line rest
}
