# Completion of actcli(1) in bash 4.1 and later. Generated: `python -m actcli.cli.completion` writes it.
#
# It requires only bash, runs no program, and does not change the shell's options and variables. bash forks once, and
# only to list files. No text of a file is ever expanded: it is matched by [[ == ]] and quoted by printf %q.

_actcli()
{
    ((BASH_VERSINFO[0] >= 4)) || return 0
    COMPREPLY=()
    local -a line=() options=() choices=() columns=()
    local cur='' before='' breaks='' quote='' key='' plain=''
    local command='' argument='' spec='' input='' delimiter='' header=yes dashes='' seen=0 given=' '
    local takes='' option='' again='' name='' word
    _actcli_line
    cur=${line[${#line[@]} - 1]}
    unset "line[${#line[@]}-1]"
    _actcli_command actcli
    _actcli_read
    if [[ $cur == *([0-9])[\<\>]* || $option == [\<\>]* ]]; then
        takes=file
    elif [[ -z $option ]]; then
        _actcli_split || _actcli_argument
    fi
    if [[ $cur == [\"\']* ]]; then
        # In quotes, bash splits nothing, and inserts an offer after the quotation mark.
        quote=${cur:0:1} cur=${cur:1} before='' breaks=''
    fi
    local full=$before$cur
    _actcli_offer_"${takes:-nothing}"
    # The line keeps the text before the last break; an @ belongs to the text after it.
    local kept=''
    [[ -z $breaks ]] || kept=${full%"${full##*[$breaks]}"}
    kept=${kept%@}
    ((${#COMPREPLY[@]} == 0)) || COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

# Set `line` to the words up to the cursor, rejoined where bash has split them at @, : and =.
_actcli_line()
{
    local rest=${COMP_LINE:0:COMP_POINT} blank i
    breaks=${COMP_WORDBREAKS//[^@:=]/}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blank=${rest%%[!$' \t\n']*} word=${COMP_WORDS[i]}
        rest=${rest#"$blank"}
        ((i < COMP_CWORD)) || word=$rest
        rest=${rest#"$word"}
        if [[ -n $blank || $i == 0 ]]; then
            line+=("$word")
        else
            line[${#line[@]} - 1]+=$word
        fi
    done
}

# Read the words before the cursor. `option` is then an option that requires a value, and `takes` the value's kind.
_actcli_read()
{
    local i value name
    for ((i = 1; i < ${#line[@]}; i++)); do
        word=${line[i]}
        if [[ $option == \< ]]; then
            [[ -n $input ]] || input=$word
            option=''
        elif [[ -n $option ]]; then
            _actcli_given "$option" "$word"
            option=''
        elif [[ $word == *([0-9])[\<\>]* ]]; then
            # A file may follow as the next word.
            if [[ $word == *[\<\>] ]]; then
                option=$word
            elif [[ $word == \<* && -z $input ]]; then
                input=${word#<}
            fi
        elif [[ -n $dashes || $word != -?* ]] || _actcli_number "$word"; then
            if [[ -z $command ]]; then
                command=$word
                _actcli_command "$command"
            else
                seen=$((seen + 1))
                [[ -n $spec ]] || _actcli_number "$word" || spec=$word
            fi
        elif [[ $word == -- ]]; then
            dashes=yes
        elif [[ $word == --*=* ]]; then
            _actcli_option "$command,${word%%=*}" && _actcli_given "${word%%=*}" "${word#*=}"
        elif _actcli_option "$command,$word"; then
            if [[ -n $takes ]]; then
                option=$word
            else
                _actcli_given "$word" ''
            fi
        elif [[ $word != --* ]] && _actcli_option "$command,${word:0:2}"; then
            _actcli_given "${word:0:2}" "${word:2}"
        fi
    done
    [[ -z $option || $option == *[\<\>] ]] || _actcli_option "$command,$option"
    [[ -n $input ]] || _actcli_behind
}

# Set `input` to the file of a < after the cursor.
_actcli_behind()
{
    local rest=${COMP_LINE:COMP_POINT}
    [[ $rest == *\<* && ${rest%%\<*} != *[\;\&\|]* ]] || return 0
    rest=${rest#*<}
    rest=${rest#"${rest%%[! ]*}"}
    input=${rest%%[ \;\&\|\<\>]*}
}

_actcli_given()
{
    _actcli_option "$command,$1" || return 0
    [[ -n $again ]] || given+="$name "
    case $name in
        --input) input=$2 ;;
        --delimiter) delimiter=$2 ;;
        --no-header) header='' ;;
    esac
}

_actcli_number()
{
    [[ $1 == ?([-+])@([0-9]*|.[0-9]*) || ${1,,} == ?([-+])@(inf|infinity|nan) ]]
}

# Split the word at the cursor if it is an option joined with its value, and set `takes` to the value's kind.
_actcli_split()
{
    [[ -z $dashes && $cur == -?* ]] || return 1
    if [[ $cur == --*=* ]] && _actcli_option "$command,${cur%%=*}"; then
        before=${cur%%=*}= cur=${cur#*=}
    elif [[ $cur == -[a-z]?* ]] && _actcli_option "$command,${cur:0:2}" && [[ -n $takes ]]; then
        before=${cur:0:2} cur=${cur:2}
    else
        return 1
    fi
}

# Set `takes` for a word that is not the value of an option.
_actcli_argument()
{
    takes=''
    if [[ -z $dashes && $cur == -* ]]; then
        takes=options
    elif [[ $argument == specs || ( $argument == spec && -z $spec ) ]]; then
        takes=spec
    elif [[ $argument == words && $seen == 0 ]]; then
        _actcli_command "${command:-actcli}"
        takes=words
    fi
}

# Offer the words that start with the word at the cursor.
_actcli_offer()
{
    for word; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$before$word")
    done
    return 0
}

_actcli_offer_nothing() { :; }
_actcli_offer_any() { :; }

_actcli_offer_words() { _actcli_offer ${choices[@]+"${choices[@]}"}; }

_actcli_offer_options()
{
    local name
    local -a free=()
    for name in ${options[@]+"${options[@]}"}; do
        [[ $given == *" $name "* ]] || free+=("$name")
    done
    [[ $cur == -[a-z] ]] && free+=("$cur")
    _actcli_offer ${free[@]+"${free[@]}"}
}

_actcli_offer_file()
{
    compopt -o default -o filenames 2>/dev/null
}

_actcli_offer_csv()
{
    local path real
    local -a paths=()
    compopt -o filenames 2>/dev/null
    mapfile -t paths < <(compgen -f -- "$quote$cur")
    for path in ${paths[@]+"${paths[@]}"}; do
        real=$path
        [[ $path == "~/"* ]] && real=${HOME-}/${path:2}
        [[ -d $real || ${path,,} == *.@(csv|tsv|tab|gz|bz2|xz|zst) ]] && COMPREPLY+=("$before$path")
    done
    return 0
}

_actcli_offer_spec()
{
    case $cur in
        *:*)
            before+=${cur%%:*}:
            _actcli_setting "${cur%%:*}" "${cur#*:}"
            ;;
        *@*)
            _actcli_key "${cur%%@*}"
            before+=${cur%%@*}@ cur=${cur#*@} choices=()
            _actcli_frameworks "${key%@}"
            _actcli_offer_words
            ;;
        *)
            _actcli_names
            _actcli_offer_names
            ;;
    esac
}

# Offer the names that start with the word at the cursor; if none does, those that start with it in lower case and with
# _ for -; if none does, the only one that starts with it when case and separators are ignored.
_actcli_offer_names()
{
    local typed=${cur,,}
    local -a found=()
    _actcli_offer_words
    ((${#COMPREPLY[@]} == 0)) || return 0
    typed=${typed//-/_}
    for word in "${choices[@]}"; do
        [[ $word != "$typed"* ]] || COMPREPLY+=("$before$word")
    done
    ((${#COMPREPLY[@]} == 0)) || return 0
    typed=${typed//_/}
    for word in "${choices[@]}"; do
        [[ ${word//_/} != "$typed"* ]] || found+=("$before$word")
    done
    ((${#found[@]} != 1)) || COMPREPLY=("${found[0]}")
}

_actcli_offer_setting() { _actcli_setting "$spec" "$cur"; }

_actcli_offer_parameter()
{
    _actcli_key "$spec"
    choices=()
    _actcli_parameters "$key"
    _actcli_offer_words
}

# Offer NAME=VALUE,... for the activation $1, of which $2 is typed: after its colon or after -p.
_actcli_setting()
{
    local name others=${2%"${2##*,}"}
    before+=$others cur=${2##*,} choices=()
    _actcli_key "$1"
    if [[ $cur == *=* ]]; then
        name=${cur%%=*} before+=${cur%%=*}= cur=${cur#*=}
        _actcli_values "$key:$name"
        _actcli_offer_words
    else
        _actcli_parameters "$key"
        for name in ${choices[@]+"${choices[@]}"}; do
            [[ ,$others == *",$name="* ]] || _actcli_offer "$name="
        done
        compopt -o nospace 2>/dev/null
    fi
    return 0
}

# Set `key` to the activation's name as the tables below spell it: leakyrelu@ or leakyrelu@keras.
_actcli_key()
{
    local name=${1%%:*} framework=''
    name=${name#[\"\']}
    [[ $name == *@* ]] && framework=${name#*@} name=${name%%@*}
    name=${name##*.}
    name=${name//[_ -]/}
    key=${name,,}@$framework
}

_actcli_offer_column()
{
    local others=''
    _actcli_columns
    _actcli_quoted_columns
    ((${#COMPREPLY[@]} == 0)) && [[ $cur == *,* ]] || return 0
    # The next of several names; a name with a comma would require quotes.
    others=${cur%,*}, cur=${cur##*,}
    _actcli_quoted_columns
}

# Offer the columns that start with the word at the cursor, after `others`.
_actcli_quoted_columns()
{
    local name
    for name in ${columns[@]+"${columns[@]}"}; do
        [[ -z $others || $name != *[,\"]* ]] || continue
        case $quote in
            \') [[ $name != *\'* ]] || continue; word=$name ;;
            \") [[ $name != *[\"\$\`\\!]* ]] || continue; word=$name ;;
            *) printf -v word %q "$name" ;;
        esac
        [[ $word == "$cur"* && ,$others != *",$word,"* ]] && COMPREPLY+=("$before$others$word")
    done
    return 0
}

# Set `columns` to the names in the first line of the file of -i. Unreadable and irregular files give none.
_actcli_columns()
{
    local LC_ALL=C rest
    local -a cells=()
    [[ -n $header && -n $input ]] && _actcli_unquote "$input" || return 0
    local file=$plain separator=,
    [[ ${file,,} != *.@(gz|bz2|xz|zst) && -f $file && -r $file ]] || return 0
    [[ ${file,,} == *.@(tsv|tab) ]] && separator=$'\t'
    if [[ -n $delimiter ]]; then
        _actcli_unquote "$delimiter" || return 0
        separator=$plain
        [[ $separator == tab || $separator == '\t' ]] && separator=$'\t'
    fi
    IFS= read -r -n 8192 rest <"$file" 2>/dev/null && [[ ${#rest} -lt 8192 && ${#separator} == 1 ]] || return 0
    rest=${rest#$'\xef\xbb\xbf'} rest=${rest%$'\r'}
    if [[ $rest == *\"* ]]; then
        _actcli_cells
    else
        IFS=$separator read -r -a cells <<<"$rest"
    fi
    _actcli_usable
}

# Set `plain` to a word without its quotation marks and backslashes; fail if it contains an expansion.
_actcli_unquote()
{
    local text=$1 in='' letter
    plain=''
    [[ $text == "~/"* ]] && plain=${HOME-}/ text=${text:2}
    while [[ -n $text ]]; do
        letter=${text:0:1} text=${text:1}
        case $in$letter in
            "''" | '""') in='' ;;
            \' | \") in=$letter ;;
            "'"*) plain+=$letter ;;
            \\* | '"\')
                letter=${text:0:1}
                [[ $in == \" && $letter != [\"\$\`\\] ]] && plain+=\\
                plain+=$letter text=${text:1}
                ;;
            *[\$\`]) return 1 ;;
            *) plain+=$letter ;;
        esac
    done
}

# The rest is generated from the command tree and the catalogue.

_actcli_command()
{
    choices=()
    case $1 in
@COMMANDS@
        *) argument='' options=() ;;
    esac
}

_actcli_option()
{
    choices=() again=''
    case $1 in
@OPTIONS@
        *) takes='' name='' && return 1 ;;
    esac
}

@TABLES@

complete -F _actcli actcli
