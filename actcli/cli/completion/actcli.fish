# Completion of actcli(1) in fish 3 and later. Generated: `python -m actcli.cli.completion` writes it.
#
# It starts no process. No text of a file is ever expanded: it is printed, and fish quotes it.

# Succeed if the command of the line is one of the arguments; '' means no command.
function __actcli_is
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word
        and continue
        contains -- $word $argv
        return
    end
    contains -- '' $argv
end

# Print the activation before the cursor: the first argument that is not a number.
function __actcli_given
    set -l takes @TAKES@
    set -l words (commandline -opc)[3..-1]
    set -l before ''
    for word in $words
        if not contains -- $before $takes
            and not string match -qr -- '^-|^[+]?([0-9]|[.][0-9])|^(?i:inf|infinity|nan)$' $word
            echo -- $word
            return
        end
        set before $word
    end
    return 1
end

# Print the word at the cursor without the option that it starts with.
function __actcli_word
    string replace -r -- '^(--[a-z-]+=|-[a-z](?=.))' '' (commandline -ct) | string trim -c '"\''
end

# Print the CSV files and folders that start with the word, with its spelling of the path.
function __actcli_csv
    set -l word (__actcli_word | string unescape)
    set -l real (string replace -r '^~/' "$HOME/" -- "$word")
    for path in $real*
        set -l shown (string replace -- "$real" "$word" $path)
        if test -d $path
            echo -- $shown/
        else if string match -qir '[.](csv|tsv|tab|gz|bz2|xz|zst)$' -- $path
            echo -- $shown
        end
    end
end

function __actcli_spec
    set -l word (__actcli_word)
    switch "$word"
        case '*:*'
            set -l spec (string replace -r ':.*' '' -- $word)
            __actcli_settings $spec $spec: (string replace -r '^[^:]*:' '' -- $word)
        case '*@*'
            set -l name (string replace -r '@.*' '' -- $word)
            for framework in (__actcli_frameworks (__actcli_key $name | string replace @ ''))
                echo -- $name@$framework
            end
        case '*'
            __actcli_names
            test -n "$word"
            and __actcli_aliases
    end
end

function __actcli_setting
    set -l spec (__actcli_given)
    and __actcli_settings $spec '' (__actcli_word)
end

function __actcli_parameter
    set -l spec (__actcli_given)
    and __actcli_parameters (__actcli_key $spec)
end

# Print NAME=VALUE,... for an activation: `before` precedes it, `there` is typed.
function __actcli_settings -a spec before there
    set -l key (__actcli_key $spec)
    set -l others (string match -r -- '^.*,' "$there")
    set -l last (string replace -r -- '^.*,' '' "$there")
    if string match -q -- '*=*' "$last"
        set -l name (string replace -r '=.*' '' -- $last)
        for value in (__actcli_values $key:$name)
            echo -- "$before$others[1]$name=$value"
        end
    else
        for name in (__actcli_parameters $key)
            string match -q -- "*,$name=*" ",$others[1]"
            or echo -- "$before$others[1]$name="
        end
    end
end

# Print the activation's name as the tables below spell it: leakyrelu@ or leakyrelu@keras.
function __actcli_key -a spec
    set -l parts (string replace -r ':.*' '' -- $spec | string split -m 1 @)
    set -l name (string replace -r '.*[.]' '' -- $parts[1] | string replace -ra '[_ -]' '' | string lower)
    echo -- "$name@$parts[2]"
end

# Print the columns; after a comma the next of several, whose names with a comma would require quotes.
function __actcli_column
    set -l others (__actcli_word | string match -r -- '^.*,')
    __actcli_columns
    test -n "$others"
    and for column in (__actcli_columns | string match -rv '[,"]')
        echo -- $others$column
    end
end

# Print the names in the first line of the file of -i. Unreadable and irregular files give none.
function __actcli_columns
    set -l file
    set -l separator
    set -l before
    for word in (commandline -opc)
        switch "$before"
            case -i --input
                set file $word
            case -d --delimiter
                set separator $word
        end
        switch "$word"
            case '--input=*'
                set file (string replace -- --input= '' $word)
            case '--delimiter=*'
                set separator (string replace -- --delimiter= '' $word)
            case --no-header
                return
        end
        set before $word
    end
    if test -z "$file"
        # A file on stdin.
        set file (commandline -p | string match -rg '<\s*([^\s<>|;&]+)' | string unescape)
    end
    set file (string replace -r '^~/' "$HOME/" -- "$file")
    if test "$separator" = tab -o "$separator" = '\t'
        set separator \t
    else if test -z "$separator"
        set separator ,
        string match -qir '[.](tsv|tab)$' -- $file
        and set separator \t
    end
    string match -qir '[.](gz|bz2|xz|zst)$' -- $file
    or not test -f "$file" -a -r "$file"
    and return
    set -l rest
    read -n 8192 rest <$file
    test (string length -- "$rest") -lt 8192
    or return
    set rest (string replace -r '^\x{feff}' '' -- "$rest" | string replace -r '\r$' '')
    if not string match -q '*"*' -- $rest
        # A line without quotes.
        string split -- $separator $rest | string match -rv '^$|[[:cntrl:]]'
        return
    end
    set rest $rest$separator
    set -l end (string escape --style=regex -- $separator)
    set -l columns
    while test -n "$rest"
        set -l parts
        if string match -q -- '"*' $rest
            set parts (string match -r -- "^\"((?:[^\"]|\"\")*)\"$end(.*)\$" $rest)
            or return
            set parts[2] (string replace -a '""' '"' -- $parts[2])
        else
            set parts (string match -r -- "^(.*?)$end(.*)\$" $rest)
        end
        set rest $parts[3]
        string match -qr '^$|[[:cntrl:]]' -- "$parts[2]"
        or set -a columns $parts[2]
    end
    printf '%s\n' $columns
end

# The rest is generated from the command tree and the catalogue.

function __actcli_names
    printf '%s\n' \
@NAMES@
end

function __actcli_aliases
    printf '%s\n' \
@ALIASES@
end

function __actcli_frameworks -a key
    switch "$key"
@FRAMEWORKS@
    end
end

function __actcli_parameters -a key
    switch "$key"
@PARAMETERS@
    end
end

function __actcli_values -a key
    switch "$key"
@VALUES@
    end
end

complete -c actcli -f
@COMPLETE@
