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
        actcli)
            argument=words choices=(eval grad table compare list show demo help completion)
            options=(--version --help) ;;
        eval)
            argument=spec
            options=(--range -n --step --half-open --all --input --dtype --bits --param --seed --column --header --no-header --delimiter --on-error --na --decimal --comment --skip-lines --replace --in-place --output --format --digits --precision --as --color --help) ;;
        grad)
            argument=spec
            options=(--order --wrt --sides --range -n --step --half-open --all --input --dtype --bits --param --seed --column --header --no-header --delimiter --on-error --na --decimal --comment --skip-lines --replace --in-place --output --format --digits --precision --as --color --help) ;;
        table)
            argument=specs
            options=(--order --grad --dtype --bits --param --range -n --step --half-open --all --input --plot --width --height --charset --column --header --no-header --delimiter --on-error --na --decimal --comment --skip-lines --replace --in-place --output --format --verbose --precision --as --color --help) ;;
        compare)
            argument=specs
            options=(--order --grad --y --max-ulp --range -n --step --half-open --all --input --dtype --bits --param --column --header --no-header --delimiter --on-error --na --decimal --comment --skip-lines --output --format --precision --color --help) ;;
        list)
            argument=any
            options=(--framework --kind --output --format --delimiter --color --help) ;;
        show)
            argument=spec
            options=(--param --dtype --output --format --precision --color --help) ;;
        demo)
            argument=words choices=(linearity threshold training dying-relu)
            options=(--activation --seed --output --format --color --help) ;;
        help)
            argument=words choices=(activations formulas frameworks numbers csv output exactness python shell eval grad table compare list show demo help completion)
            options=(--help) ;;
        completion)
            argument=words choices=(bash zsh fish)
            options=(--help) ;;
        *) argument='' options=() ;;
    esac
}

_actcli_option()
{
    choices=() again=''
    case $1 in
        *,--version)
            name=--version takes='' ;;
        *,-h | *,--help)
            name=--help takes='' ;;
        *,--range)
            name=--range takes=any ;;
        *,-n)
            name=-n takes=any ;;
        *,--step)
            name=--step takes=any ;;
        *,--half-open)
            name=--half-open takes='' ;;
        *,--all)
            name=--all takes='' ;;
        *,-i | *,--input)
            name=--input takes=csv ;;
        eval,--dtype | grad,--dtype | compare,--dtype | show,--dtype)
            name=--dtype takes=words choices=(float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2) ;;
        table,--dtype)
            name=--dtype takes=words choices=(float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2 q1.6 q1.14 q7.8 uq0.8 uq0.16) ;;
        *,--bits)
            name=--bits takes='' ;;
        *,-p | *,--param)
            name=--param takes=setting again=yes ;;
        *,--seed)
            name=--seed takes=any ;;
        *,-c | *,--column)
            name=--column takes=column again=yes ;;
        *,--header)
            name=--header takes='' ;;
        *,--no-header)
            name=--no-header takes='' ;;
        *,-d | *,--delimiter)
            name=--delimiter takes=any ;;
        *,--on-error)
            name=--on-error takes=words choices=(fail nan skip) ;;
        *,--na)
            name=--na takes=any again=yes ;;
        *,--decimal)
            name=--decimal takes=words choices=(. ,) ;;
        *,--comment)
            name=--comment takes=any ;;
        *,--skip-lines)
            name=--skip-lines takes=any ;;
        *,--replace)
            name=--replace takes='' ;;
        *,--in-place)
            name=--in-place takes='' ;;
        *,-o | *,--output)
            name=--output takes=file ;;
        eval,-f | grad,-f | eval,--format | grad,--format)
            name=--format takes=words choices=(auto table csv tsv json jsonl md plain hex) ;;
        table,-f | table,--format)
            name=--format takes=words choices=(auto table csv tsv json jsonl md plain hex c) ;;
        compare,-f | demo,-f | compare,--format | demo,--format)
            name=--format takes=words choices=(auto csv tsv json jsonl md plain) ;;
        list,-f | list,--format)
            name=--format takes=words choices=(auto table csv tsv json jsonl md plain) ;;
        show,-f | show,--format)
            name=--format takes=words choices=(auto json) ;;
        *,--digits)
            name=--digits takes=any ;;
        *,--precision)
            name=--precision takes=any ;;
        *,--as)
            name=--as takes=any again=yes ;;
        *,--color)
            name=--color takes=words choices=(auto always never) ;;
        *,--order)
            name=--order takes=any ;;
        *,--wrt)
            name=--wrt takes=parameter ;;
        *,--sides)
            name=--sides takes='' ;;
        *,--grad)
            name=--grad takes='' ;;
        *,--plot)
            name=--plot takes='' ;;
        *,--width)
            name=--width takes=any ;;
        *,--height)
            name=--height takes=any ;;
        *,--charset)
            name=--charset takes=words choices=(auto braille block ascii) ;;
        *,--verbose)
            name=--verbose takes='' ;;
        *,--y)
            name=--y takes=column ;;
        *,--max-ulp)
            name=--max-ulp takes=any ;;
        *,--framework)
            name=--framework takes=words choices=(torch jax keras tf onnx mlx hf) ;;
        *,--kind)
            name=--kind takes=words choices=(elementwise vector gated stochastic) ;;
        *,--activation)
            name=--activation takes=spec ;;
        *) takes='' name='' && return 1 ;;
    esac
}

# Set `cells` to the cells of `rest`, a line of CSV with this `separator`: none if a quote is unclosed.
_actcli_cells()
{
    local cell
    rest+=$separator
    while [[ -n $rest ]]; do
        if [[ $rest == \"* ]]; then
            # "a ""b""": up to a quotation mark that is followed by the separator
            cell=''
            rest=${rest#\"}
            while [[ $rest == *\"\"* && ${rest%%\"*} == "${rest%%\"\"*}" ]]; do
                cell+=${rest%%\"\"*}\" rest=${rest#*\"\"}
            done
            [[ $rest == *"\"$separator"* && ${rest%%\"*} == "${rest%%"\"$separator"*}" ]] || { cells=(); return 0; }
            cell+=${rest%%\"*} rest=${rest#*"\"$separator"}
        else
            cell=${rest%%"$separator"*} rest=${rest#*"$separator"}
        fi
        cells+=("$cell")
    done
}

# Set `columns` to the `cells` that are not empty and have no control characters.
_actcli_usable()
{
    local cell
    for cell in ${cells[@]+"${cells[@]}"}; do
        [[ -z $cell || $cell == *[[:cntrl:]]* ]] || columns+=("$cell")
    done
}

_actcli_names()
{
    choices=(
        affine arctan aria2 asinh bent_identity bipolar_sigmoid celu clamped_relu clip clipped_gelu crelu e_swish
        elish elu erf exponential gaussian geglu gelu gelu_tanh glu gumbel_softmax hard_elish hard_mish hard_sigmoid
        hard_swish hard_tanh hardmax hardshrink identity isrlu isru laplace leaky_relu lisht log1mexp log_ndtr
        log_sigmoid log_softmax logcosh logish maxout mish ndtr nlrelu phish prelu quick_gelu rational_tanh reglu relu
        relu2 relu6 rrelu scaled_tanh selu serf shifted_softplus shrink sigmoid sign silu sin sinc smish snake
        soft_clipping soft_exponential softmax softmin softplus softplus_parametric softshrink softsign sparse_plus
        sparse_sigmoid sparsemax sqrtsoftplus squareplus star_relu step swiglu tanh tanhexp tanhshrink threshold
        thresholded_relu tlu xielu
    )
    [[ -z $cur ]] || choices+=(
        approximate_gelu arcsinh atan binary_step bipolar_step cardinal_sine clamp clip_by_value concatenated_relu exp
        expit exponential_linear_unit gated_linear_unit gelu_10 gelu_accurate gelu_approx gelu_erf gelu_exact
        gelu_fast gelu_fast_approx gelu_new gelu_python gelu_python_tanh gelu_pytorch_tanh gelu_quick gelu_sigmoid
        h_mish h_swish hard_silu hard_threshold heaviside hswish htanh hyperbolic_tangent id
        inverse_square_root_linear_unit inverse_square_root_unit lecun_tanh linear linear_activation log_cosh logistic
        logsigmoid lrelu mega_laplace natural_logarithm_relu none normal_cdf one_hot_max parametric_relu
        parametric_softplus pass_through phi positive_part ramp randomized_leaky_relu randomized_relu rectified_linear
        rectifier relu_squared scaled_elu sigmoid_gelu sigmoid_weighted_linear_unit signum sine sinusoid smooth_relu
        soft_threshold softmax2d sqrrelu sqrt_softplus squared_relu ssp swish swish1 swish_beta tanh_exp tanh_shrink
        telu thresholded_linear_unit trec unit_step
    )
}

_actcli_frameworks()
{
    case $1 in
        arctan | atan | asinh | arcsinh | clip | clamp | clipbyvalue | elu | exponentiallinearunit | erf | exponential \
        | exp | hardtanh | htanh | logsoftmax | selu | scaledelu | sign | signum | bipolarstep | sin | sine | sinusoid \
        | softmax | softmax2d | softplus | smoothrelu | softsign)
            choices=(torch jax keras tf onnx mlx) ;;
        celu)
            choices=(torch jax keras onnx mlx) ;;
        gelu | geluexact | geluerf | gelupython | gelutanh | gelunew | gelufast | gelupytorchtanh | geluapprox | \
        approximategelu | geluaccurate | gelupythontanh | identity | linear | none | passthrough | id | leakyrelu | \
        lrelu | mish | relu | rectifier | ramp | rectifiedlinear | positivepart | relu6 | sigmoid | logistic | expit | \
        silu | swish | sigmoidweightedlinearunit | swish1 | swishbeta | tanh | hyperbolictangent)
            choices=(torch jax keras tf onnx mlx hf) ;;
        glu | gatedlinearunit)
            choices=(torch jax keras mlx) ;;
        gumbelsoftmax)
            choices=(torch) ;;
        hardsigmoid)
            choices=(torch jax keras tf onnx) ;;
        hardswish | hardsilu | hswish)
            choices=(torch jax keras onnx mlx hf) ;;
        hardshrink | hardthreshold | softshrink | softthreshold)
            choices=(torch keras tf onnx mlx) ;;
        logndtr | ndtr | normalcdf | phi)
            choices=(torch jax) ;;
        logsigmoid)
            choices=(torch jax keras tf mlx) ;;
        prelu | parametricrelu)
            choices=(torch keras onnx mlx hf) ;;
        rrelu | randomizedrelu | randomizedleakyrelu)
            choices=(torch tf) ;;
        softmin)
            choices=(torch mlx) ;;
        step | heaviside | binarystep | unitstep)
            choices=(torch jax mlx) ;;
        tanhshrink)
            choices=(torch keras tf) ;;
        threshold)
            choices=(torch keras) ;;
        log1mexp)
            choices=(jax) ;;
        sparseplus | sparsesigmoid | squareplus)
            choices=(jax keras) ;;
        sparsemax)
            choices=(keras tf) ;;
        crelu | concatenatedrelu | lisht | maxout | snake | tlu | thresholdedlinearunit)
            choices=(tf) ;;
        thresholdedrelu | trec)
            choices=(tf onnx) ;;
        affine | linearactivation | hardmax | onehotmax | scaledtanh | lecuntanh | shrink | swiglu)
            choices=(onnx) ;;
        quickgelu | gelusigmoid | geluquick | sigmoidgelu | gelufastapprox)
            choices=(onnx mlx hf) ;;
        relu2 | relusquared | squaredrelu | sqrrelu)
            choices=(mlx hf) ;;
        clippedgelu | gelu10 | laplace | megalaplace | sqrtsoftplus | xielu)
            choices=(hf) ;;
    esac
}

_actcli_parameters()
{
    case $1 in
        linearactivation@ | affine@ | aria2@ | clampedrelu@ | lecuntanh@ | scaledtanh@ | parametricsoftplus@ | \
        softplusparametric@ | affine@onnx | linearactivation@onnx | hardsigmoid@onnx | scaledtanh@onnx | \
        lecuntanh@onnx)
            choices=(alpha beta) ;;
        celu@ | exponentiallinearunit@ | elu@ | inversesquarerootlinearunit@ | isrlu@ | inversesquarerootunit@ | isru@ \
        | softclipping@ | softexponential@ | trec@ | thresholdedrelu@ | celu@torch | elu@torch | \
        exponentiallinearunit@torch | celu@jax | elu@jax | exponentiallinearunit@jax | celu@keras | elu@keras | \
        exponentiallinearunit@keras | prelu@keras | parametricrelu@keras | leakyrelu@tf | lrelu@tf | celu@onnx | \
        elu@onnx | exponentiallinearunit@onnx | leakyrelu@onnx | lrelu@onnx | silu@onnx | swish@onnx | \
        sigmoidweightedlinearunit@onnx | swish1@onnx | swishbeta@onnx | thresholdedrelu@onnx | trec@onnx | celu@mlx | \
        elu@mlx | exponentiallinearunit@mlx)
            choices=(alpha) ;;
        clamp@ | clipbyvalue@ | clip@ | htanh@ | hardtanh@ | hardtanh@torch | htanh@torch | hardtanh@mlx | htanh@mlx)
            choices=(min_val max_val) ;;
        gelu10@ | clippedgelu@ | clippedgelu@hf | gelu10@hf)
            choices=(min_value max_value) ;;
        concatenatedrelu@ | crelu@ | geglu@ | gatedlinearunit@ | glu@ | onehotmax@ | hardmax@ | logsoftmax@ | reglu@ | \
        softmax2d@ | softmax@ | softmin@ | sparsemax@ | glu@torch | gatedlinearunit@torch | logsoftmax@torch | \
        softmax@torch | softmin@torch | glu@jax | gatedlinearunit@jax | logsoftmax@jax | softmax@jax | softmax2d@jax | \
        glu@keras | gatedlinearunit@keras | logsoftmax@keras | softmax@keras | softmax2d@keras | sparsemax@keras | \
        crelu@tf | concatenatedrelu@tf | logsoftmax@tf | softmax@tf | softmax2d@tf | sparsemax@tf | hardmax@onnx | \
        onehotmax@onnx | logsoftmax@onnx | softmax@onnx | softmax2d@onnx | glu@mlx | gatedlinearunit@mlx | \
        logsoftmax@mlx | softmax@mlx | softmax2d@mlx | softmin@mlx)
            choices=(axis) ;;
        eswish@ | naturallogarithmrelu@ | nlrelu@ | swish@ | sigmoidweightedlinearunit@ | swish1@ | swishbeta@ | silu@ \
        | smoothrelu@ | softplus@ | silu@tf | swish@tf | sigmoidweightedlinearunit@tf | swish1@tf | swishbeta@tf)
            choices=(beta) ;;
        geluexact@ | geluerf@ | gelupython@ | gelu@ | gelu@torch | geluexact@torch | geluerf@torch | gelupython@torch \
        | gelu@jax | geluexact@jax | geluerf@jax | gelupython@jax | gelu@keras | geluexact@keras | geluerf@keras | \
        gelupython@keras | gelu@tf | geluexact@tf | geluerf@tf | gelupython@tf | gelu@onnx | geluexact@onnx | \
        geluerf@onnx | gelupython@onnx)
            choices=(approximate) ;;
        gumbelsoftmax@)
            choices=(tau axis) ;;
        hardsigmoid@)
            choices=(slope offset) ;;
        hardthreshold@ | hardshrink@ | softthreshold@ | softshrink@ | hardshrink@torch | hardthreshold@torch | \
        softshrink@torch | softthreshold@torch | hardshrink@onnx | hardthreshold@onnx | softshrink@onnx | \
        softthreshold@onnx | hardshrink@mlx | hardthreshold@mlx | softshrink@mlx | softthreshold@mlx)
            choices=(lambd) ;;
        megalaplace@ | laplace@ | laplace@hf | megalaplace@hf)
            choices=(mu sigma) ;;
        lrelu@ | leakyrelu@ | leakyrelu@torch | lrelu@torch | leakyrelu@jax | lrelu@jax | leakyrelu@keras | \
        lrelu@keras | leakyrelu@mlx | lrelu@mlx)
            choices=(negative_slope) ;;
        maxout@ | maxout@tf)
            choices=(num_units axis) ;;
        parametricrelu@ | prelu@)
            choices=(weight) ;;
        randomizedrelu@ | randomizedleakyrelu@ | rrelu@ | rrelu@torch | randomizedrelu@torch | \
        randomizedleakyrelu@torch | hardshrink@tf | hardthreshold@tf | rrelu@tf | randomizedrelu@tf | \
        randomizedleakyrelu@tf | softshrink@tf | softthreshold@tf)
            choices=(lower upper) ;;
        shrink@ | shrink@onnx)
            choices=(lambd bias) ;;
        snake@)
            choices=(a) ;;
        squareplus@ | squareplus@jax | squareplus@keras)
            choices=(b) ;;
        starrelu@)
            choices=(scale bias) ;;
        heaviside@ | binarystep@ | unitstep@ | step@ | threshold@ | threshold@torch)
            choices=(threshold value) ;;
        swiglu@)
            choices=(beta axis) ;;
        thresholdedlinearunit@ | tlu@ | tlu@tf | thresholdedlinearunit@tf)
            choices=(tau) ;;
        xielu@)
            choices=(alpha_p alpha_n beta) ;;
        clip@torch | clamp@torch | clipbyvalue@torch | clip@jax | clamp@jax | clipbyvalue@jax | clip@onnx | clamp@onnx \
        | clipbyvalue@onnx)
            choices=(min max) ;;
        gumbelsoftmax@torch)
            choices=(tau hard dim) ;;
        prelu@torch | parametricrelu@torch)
            choices=(weight init) ;;
        softplus@torch | smoothrelu@torch)
            choices=(beta threshold) ;;
        step@torch | heaviside@torch | binarystep@torch | unitstep@torch)
            choices=(values) ;;
        step@jax | heaviside@jax | binarystep@jax | unitstep@jax)
            choices=(half_maximum) ;;
        clip@keras | clamp@keras | clipbyvalue@keras)
            choices=(x_min x_max) ;;
        hardshrink@keras | hardthreshold@keras | softshrink@keras | softthreshold@keras | step@mlx | heaviside@mlx | \
        binarystep@mlx | unitstep@mlx)
            choices=(threshold) ;;
        relu@keras | rectifier@keras | ramp@keras | rectifiedlinear@keras | positivepart@keras)
            choices=(negative_slope max_value threshold) ;;
        threshold@keras)
            choices=(threshold default_value) ;;
        clip@tf | clamp@tf | clipbyvalue@tf)
            choices=(clip_value_min clip_value_max) ;;
        snake@tf)
            choices=(frequency) ;;
        thresholdedrelu@tf | trec@tf)
            choices=(theta) ;;
        prelu@onnx | parametricrelu@onnx)
            choices=(slope) ;;
        selu@onnx | scaledelu@onnx)
            choices=(alpha gamma) ;;
        swiglu@onnx)
            choices=(alpha axis) ;;
        clip@mlx | clamp@mlx | clipbyvalue@mlx)
            choices=(a_min a_max) ;;
        prelu@mlx | parametricrelu@mlx)
            choices=(alpha init) ;;
        xielu@hf)
            choices=(alpha_p_init alpha_n_init beta eps) ;;
    esac
}

_actcli_values()
{
    case $1 in
        clamp@:min_val | clamp@:min | clamp@:min_value | clamp@:max_val | clamp@:max | clamp@:max_value | \
        clipbyvalue@:min_val | clipbyvalue@:min | clipbyvalue@:min_value | clipbyvalue@:max_val | clipbyvalue@:max | \
        clipbyvalue@:max_value | clip@:min_val | clip@:min | clip@:min_value | clip@:max_val | clip@:max | \
        clip@:max_value | clip@torch:min | clip@torch:min_value | clip@torch:max | clip@torch:max_value | \
        clamp@torch:min | clamp@torch:min_value | clamp@torch:max | clamp@torch:max_value | clipbyvalue@torch:min | \
        clipbyvalue@torch:min_value | clipbyvalue@torch:max | clipbyvalue@torch:max_value | softplus@torch:threshold | \
        smoothrelu@torch:threshold | clip@jax:min | clip@jax:min_value | clip@jax:max | clip@jax:max_value | \
        clamp@jax:min | clamp@jax:min_value | clamp@jax:max | clamp@jax:max_value | clipbyvalue@jax:min | \
        clipbyvalue@jax:min_value | clipbyvalue@jax:max | clipbyvalue@jax:max_value | clip@keras:x_min | \
        clip@keras:min | clip@keras:min_value | clip@keras:x_max | clip@keras:max | clip@keras:max_value | \
        clamp@keras:x_min | clamp@keras:min | clamp@keras:min_value | clamp@keras:x_max | clamp@keras:max | \
        clamp@keras:max_value | clipbyvalue@keras:x_min | clipbyvalue@keras:min | clipbyvalue@keras:min_value | \
        clipbyvalue@keras:x_max | clipbyvalue@keras:max | clipbyvalue@keras:max_value | relu@keras:negative_slope | \
        relu@keras:alpha | relu@keras:max_value | relu@keras:threshold | rectifier@keras:negative_slope | \
        rectifier@keras:alpha | rectifier@keras:max_value | rectifier@keras:threshold | ramp@keras:negative_slope | \
        ramp@keras:alpha | ramp@keras:max_value | ramp@keras:threshold | rectifiedlinear@keras:negative_slope | \
        rectifiedlinear@keras:alpha | rectifiedlinear@keras:max_value | rectifiedlinear@keras:threshold | \
        positivepart@keras:negative_slope | positivepart@keras:alpha | positivepart@keras:max_value | \
        positivepart@keras:threshold | clip@tf:clip_value_min | clip@tf:min | clip@tf:min_value | \
        clip@tf:clip_value_max | clip@tf:max | clip@tf:max_value | clamp@tf:clip_value_min | clamp@tf:min | \
        clamp@tf:min_value | clamp@tf:clip_value_max | clamp@tf:max | clamp@tf:max_value | \
        clipbyvalue@tf:clip_value_min | clipbyvalue@tf:min | clipbyvalue@tf:min_value | clipbyvalue@tf:clip_value_max \
        | clipbyvalue@tf:max | clipbyvalue@tf:max_value | hardshrink@tf:lower | hardshrink@tf:upper | \
        hardthreshold@tf:lower | hardthreshold@tf:upper | softshrink@tf:lower | softshrink@tf:upper | \
        softthreshold@tf:lower | softthreshold@tf:upper | clip@onnx:min | clip@onnx:min_value | clip@onnx:max | \
        clip@onnx:max_value | clamp@onnx:min | clamp@onnx:min_value | clamp@onnx:max | clamp@onnx:max_value | \
        clipbyvalue@onnx:min | clipbyvalue@onnx:min_value | clipbyvalue@onnx:max | clipbyvalue@onnx:max_value | \
        selu@onnx:alpha | selu@onnx:gamma | scaledelu@onnx:alpha | scaledelu@onnx:gamma | clip@mlx:a_min | \
        clip@mlx:min | clip@mlx:min_value | clip@mlx:a_max | clip@mlx:max | clip@mlx:max_value | clamp@mlx:a_min | \
        clamp@mlx:min | clamp@mlx:min_value | clamp@mlx:a_max | clamp@mlx:max | clamp@mlx:max_value | \
        clipbyvalue@mlx:a_min | clipbyvalue@mlx:min | clipbyvalue@mlx:min_value | clipbyvalue@mlx:a_max | \
        clipbyvalue@mlx:max | clipbyvalue@mlx:max_value | xielu@hf:eps)
            choices=(none) ;;
        geluexact@:approximate | geluerf@:approximate | gelupython@:approximate | gelu@:approximate | \
        gelu@torch:approximate | geluexact@torch:approximate | geluerf@torch:approximate | \
        gelupython@torch:approximate | gelu@onnx:approximate | geluexact@onnx:approximate | geluerf@onnx:approximate | \
        gelupython@onnx:approximate)
            choices=(none tanh) ;;
        gumbelsoftmax@torch:hard)
            choices=(false true) ;;
        gelu@jax:approximate | geluexact@jax:approximate | geluerf@jax:approximate | gelupython@jax:approximate | \
        gelu@keras:approximate | geluexact@keras:approximate | geluerf@keras:approximate | \
        gelupython@keras:approximate | gelu@tf:approximate | geluexact@tf:approximate | geluerf@tf:approximate | \
        gelupython@tf:approximate)
            choices=(none tanh true false) ;;
    esac
}

complete -F _actcli actcli
