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
    set -l takes --range -n --step -i --input --dtype -p --param --seed -c --column -d --delimiter --on-error --na --decimal --comment --skip-lines -o --output -f --format --digits --precision --as --color --order --wrt --width --height --charset --y --max-ulp --framework --kind --activation
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
        affine arctan aria2 asinh bent_identity bipolar_sigmoid celu clamped_relu clip clipped_gelu crelu e_swish \
        elish elu erf exponential gaussian geglu gelu gelu_tanh glu gumbel_softmax hard_elish hard_mish hard_sigmoid \
        hard_swish hard_tanh hardmax hardshrink identity isrlu isru laplace leaky_relu lisht log1mexp log_ndtr \
        log_sigmoid log_softmax logcosh logish maxout mish ndtr nlrelu phish prelu quick_gelu rational_tanh reglu relu \
        relu2 relu6 rrelu scaled_tanh selu serf shifted_softplus shrink sigmoid sign silu sin sinc smish snake \
        soft_clipping soft_exponential softmax softmin softplus softplus_parametric softshrink softsign sparse_plus \
        sparse_sigmoid sparsemax sqrtsoftplus squareplus star_relu step swiglu tanh tanhexp tanhshrink threshold \
        thresholded_relu tlu xielu
end

function __actcli_aliases
    printf '%s\n' \
        approximate_gelu arcsinh atan binary_step bipolar_step cardinal_sine clamp clip_by_value concatenated_relu exp \
        expit exponential_linear_unit gated_linear_unit gelu_10 gelu_accurate gelu_approx gelu_erf gelu_exact \
        gelu_fast gelu_fast_approx gelu_new gelu_python gelu_python_tanh gelu_pytorch_tanh gelu_quick gelu_sigmoid \
        h_mish h_swish hard_silu hard_threshold heaviside hswish htanh hyperbolic_tangent id \
        inverse_square_root_linear_unit inverse_square_root_unit lecun_tanh linear linear_activation log_cosh logistic \
        logsigmoid lrelu mega_laplace natural_logarithm_relu none normal_cdf one_hot_max parametric_relu \
        parametric_softplus pass_through phi positive_part ramp randomized_leaky_relu randomized_relu rectified_linear \
        rectifier relu_squared scaled_elu sigmoid_gelu sigmoid_weighted_linear_unit signum sine sinusoid smooth_relu \
        soft_threshold softmax2d sqrrelu sqrt_softplus squared_relu ssp swish swish1 swish_beta tanh_exp tanh_shrink \
        telu thresholded_linear_unit trec unit_step
end

function __actcli_frameworks -a key
    switch "$key"
        case arctan atan asinh arcsinh clip clamp clipbyvalue elu exponentiallinearunit erf exponential exp hardtanh \
        htanh logsoftmax selu scaledelu sign signum bipolarstep sin sine sinusoid softmax softmax2d softplus \
        smoothrelu softsign
            printf '%s\n' torch jax keras tf onnx mlx
        case celu
            printf '%s\n' torch jax keras onnx mlx
        case gelu geluexact geluerf gelupython gelutanh gelunew gelufast gelupytorchtanh geluapprox approximategelu \
        geluaccurate gelupythontanh identity linear none passthrough id leakyrelu lrelu mish relu rectifier ramp \
        rectifiedlinear positivepart relu6 sigmoid logistic expit silu swish sigmoidweightedlinearunit swish1 \
        swishbeta tanh hyperbolictangent
            printf '%s\n' torch jax keras tf onnx mlx hf
        case glu gatedlinearunit
            printf '%s\n' torch jax keras mlx
        case gumbelsoftmax
            printf '%s\n' torch
        case hardsigmoid
            printf '%s\n' torch jax keras tf onnx
        case hardswish hardsilu hswish
            printf '%s\n' torch jax keras onnx mlx hf
        case hardshrink hardthreshold softshrink softthreshold
            printf '%s\n' torch keras tf onnx mlx
        case logndtr ndtr normalcdf phi
            printf '%s\n' torch jax
        case logsigmoid
            printf '%s\n' torch jax keras tf mlx
        case prelu parametricrelu
            printf '%s\n' torch keras onnx mlx hf
        case rrelu randomizedrelu randomizedleakyrelu
            printf '%s\n' torch tf
        case softmin
            printf '%s\n' torch mlx
        case step heaviside binarystep unitstep
            printf '%s\n' torch jax mlx
        case tanhshrink
            printf '%s\n' torch keras tf
        case threshold
            printf '%s\n' torch keras
        case log1mexp
            printf '%s\n' jax
        case sparseplus sparsesigmoid squareplus
            printf '%s\n' jax keras
        case sparsemax
            printf '%s\n' keras tf
        case crelu concatenatedrelu lisht maxout snake tlu thresholdedlinearunit
            printf '%s\n' tf
        case thresholdedrelu trec
            printf '%s\n' tf onnx
        case affine linearactivation hardmax onehotmax scaledtanh lecuntanh shrink swiglu
            printf '%s\n' onnx
        case quickgelu gelusigmoid geluquick sigmoidgelu gelufastapprox
            printf '%s\n' onnx mlx hf
        case relu2 relusquared squaredrelu sqrrelu
            printf '%s\n' mlx hf
        case clippedgelu gelu10 laplace megalaplace sqrtsoftplus xielu
            printf '%s\n' hf
    end
end

function __actcli_parameters -a key
    switch "$key"
        case linearactivation@ affine@ aria2@ clampedrelu@ lecuntanh@ scaledtanh@ parametricsoftplus@ \
        softplusparametric@ affine@onnx linearactivation@onnx hardsigmoid@onnx scaledtanh@onnx lecuntanh@onnx
            printf '%s\n' alpha beta
        case celu@ exponentiallinearunit@ elu@ inversesquarerootlinearunit@ isrlu@ inversesquarerootunit@ isru@ \
        softclipping@ softexponential@ trec@ thresholdedrelu@ celu@torch elu@torch exponentiallinearunit@torch \
        celu@jax elu@jax exponentiallinearunit@jax celu@keras elu@keras exponentiallinearunit@keras prelu@keras \
        parametricrelu@keras leakyrelu@tf lrelu@tf celu@onnx elu@onnx exponentiallinearunit@onnx leakyrelu@onnx \
        lrelu@onnx silu@onnx swish@onnx sigmoidweightedlinearunit@onnx swish1@onnx swishbeta@onnx thresholdedrelu@onnx \
        trec@onnx celu@mlx elu@mlx exponentiallinearunit@mlx
            printf '%s\n' alpha
        case clamp@ clipbyvalue@ clip@ htanh@ hardtanh@ hardtanh@torch htanh@torch hardtanh@mlx htanh@mlx
            printf '%s\n' min_val max_val
        case gelu10@ clippedgelu@ clippedgelu@hf gelu10@hf
            printf '%s\n' min_value max_value
        case concatenatedrelu@ crelu@ geglu@ gatedlinearunit@ glu@ onehotmax@ hardmax@ logsoftmax@ reglu@ softmax2d@ \
        softmax@ softmin@ sparsemax@ glu@torch gatedlinearunit@torch logsoftmax@torch softmax@torch softmin@torch \
        glu@jax gatedlinearunit@jax logsoftmax@jax softmax@jax softmax2d@jax glu@keras gatedlinearunit@keras \
        logsoftmax@keras softmax@keras softmax2d@keras sparsemax@keras crelu@tf concatenatedrelu@tf logsoftmax@tf \
        softmax@tf softmax2d@tf sparsemax@tf hardmax@onnx onehotmax@onnx logsoftmax@onnx softmax@onnx softmax2d@onnx \
        glu@mlx gatedlinearunit@mlx logsoftmax@mlx softmax@mlx softmax2d@mlx softmin@mlx
            printf '%s\n' axis
        case eswish@ naturallogarithmrelu@ nlrelu@ swish@ sigmoidweightedlinearunit@ swish1@ swishbeta@ silu@ \
        smoothrelu@ softplus@ silu@tf swish@tf sigmoidweightedlinearunit@tf swish1@tf swishbeta@tf
            printf '%s\n' beta
        case geluexact@ geluerf@ gelupython@ gelu@ gelu@torch geluexact@torch geluerf@torch gelupython@torch gelu@jax \
        geluexact@jax geluerf@jax gelupython@jax gelu@keras geluexact@keras geluerf@keras gelupython@keras gelu@tf \
        geluexact@tf geluerf@tf gelupython@tf gelu@onnx geluexact@onnx geluerf@onnx gelupython@onnx
            printf '%s\n' approximate
        case gumbelsoftmax@
            printf '%s\n' tau axis
        case hardsigmoid@
            printf '%s\n' slope offset
        case hardthreshold@ hardshrink@ softthreshold@ softshrink@ hardshrink@torch hardthreshold@torch \
        softshrink@torch softthreshold@torch hardshrink@onnx hardthreshold@onnx softshrink@onnx softthreshold@onnx \
        hardshrink@mlx hardthreshold@mlx softshrink@mlx softthreshold@mlx
            printf '%s\n' lambd
        case megalaplace@ laplace@ laplace@hf megalaplace@hf
            printf '%s\n' mu sigma
        case lrelu@ leakyrelu@ leakyrelu@torch lrelu@torch leakyrelu@jax lrelu@jax leakyrelu@keras lrelu@keras \
        leakyrelu@mlx lrelu@mlx
            printf '%s\n' negative_slope
        case maxout@ maxout@tf
            printf '%s\n' num_units axis
        case parametricrelu@ prelu@
            printf '%s\n' weight
        case randomizedrelu@ randomizedleakyrelu@ rrelu@ rrelu@torch randomizedrelu@torch randomizedleakyrelu@torch \
        hardshrink@tf hardthreshold@tf rrelu@tf randomizedrelu@tf randomizedleakyrelu@tf softshrink@tf \
        softthreshold@tf
            printf '%s\n' lower upper
        case shrink@ shrink@onnx
            printf '%s\n' lambd bias
        case snake@
            printf '%s\n' a
        case squareplus@ squareplus@jax squareplus@keras
            printf '%s\n' b
        case starrelu@
            printf '%s\n' scale bias
        case heaviside@ binarystep@ unitstep@ step@ threshold@ threshold@torch
            printf '%s\n' threshold value
        case swiglu@
            printf '%s\n' beta axis
        case thresholdedlinearunit@ tlu@ tlu@tf thresholdedlinearunit@tf
            printf '%s\n' tau
        case xielu@
            printf '%s\n' alpha_p alpha_n beta
        case clip@torch clamp@torch clipbyvalue@torch clip@jax clamp@jax clipbyvalue@jax clip@onnx clamp@onnx \
        clipbyvalue@onnx
            printf '%s\n' min max
        case gumbelsoftmax@torch
            printf '%s\n' tau hard dim
        case prelu@torch parametricrelu@torch
            printf '%s\n' weight init
        case softplus@torch smoothrelu@torch
            printf '%s\n' beta threshold
        case step@torch heaviside@torch binarystep@torch unitstep@torch
            printf '%s\n' values
        case step@jax heaviside@jax binarystep@jax unitstep@jax
            printf '%s\n' half_maximum
        case clip@keras clamp@keras clipbyvalue@keras
            printf '%s\n' x_min x_max
        case hardshrink@keras hardthreshold@keras softshrink@keras softthreshold@keras step@mlx heaviside@mlx \
        binarystep@mlx unitstep@mlx
            printf '%s\n' threshold
        case relu@keras rectifier@keras ramp@keras rectifiedlinear@keras positivepart@keras
            printf '%s\n' negative_slope max_value threshold
        case threshold@keras
            printf '%s\n' threshold default_value
        case clip@tf clamp@tf clipbyvalue@tf
            printf '%s\n' clip_value_min clip_value_max
        case snake@tf
            printf '%s\n' frequency
        case thresholdedrelu@tf trec@tf
            printf '%s\n' theta
        case prelu@onnx parametricrelu@onnx
            printf '%s\n' slope
        case selu@onnx scaledelu@onnx
            printf '%s\n' alpha gamma
        case swiglu@onnx
            printf '%s\n' alpha axis
        case clip@mlx clamp@mlx clipbyvalue@mlx
            printf '%s\n' a_min a_max
        case prelu@mlx parametricrelu@mlx
            printf '%s\n' alpha init
        case xielu@hf
            printf '%s\n' alpha_p_init alpha_n_init beta eps
    end
end

function __actcli_values -a key
    switch "$key"
        case clamp@:min_val clamp@:min clamp@:min_value clamp@:max_val clamp@:max clamp@:max_value \
        clipbyvalue@:min_val clipbyvalue@:min clipbyvalue@:min_value clipbyvalue@:max_val clipbyvalue@:max \
        clipbyvalue@:max_value clip@:min_val clip@:min clip@:min_value clip@:max_val clip@:max clip@:max_value \
        clip@torch:min clip@torch:min_value clip@torch:max clip@torch:max_value clamp@torch:min clamp@torch:min_value \
        clamp@torch:max clamp@torch:max_value clipbyvalue@torch:min clipbyvalue@torch:min_value clipbyvalue@torch:max \
        clipbyvalue@torch:max_value softplus@torch:threshold smoothrelu@torch:threshold clip@jax:min \
        clip@jax:min_value clip@jax:max clip@jax:max_value clamp@jax:min clamp@jax:min_value clamp@jax:max \
        clamp@jax:max_value clipbyvalue@jax:min clipbyvalue@jax:min_value clipbyvalue@jax:max \
        clipbyvalue@jax:max_value clip@keras:x_min clip@keras:min clip@keras:min_value clip@keras:x_max clip@keras:max \
        clip@keras:max_value clamp@keras:x_min clamp@keras:min clamp@keras:min_value clamp@keras:x_max clamp@keras:max \
        clamp@keras:max_value clipbyvalue@keras:x_min clipbyvalue@keras:min clipbyvalue@keras:min_value \
        clipbyvalue@keras:x_max clipbyvalue@keras:max clipbyvalue@keras:max_value relu@keras:negative_slope \
        relu@keras:alpha relu@keras:max_value relu@keras:threshold rectifier@keras:negative_slope \
        rectifier@keras:alpha rectifier@keras:max_value rectifier@keras:threshold ramp@keras:negative_slope \
        ramp@keras:alpha ramp@keras:max_value ramp@keras:threshold rectifiedlinear@keras:negative_slope \
        rectifiedlinear@keras:alpha rectifiedlinear@keras:max_value rectifiedlinear@keras:threshold \
        positivepart@keras:negative_slope positivepart@keras:alpha positivepart@keras:max_value \
        positivepart@keras:threshold clip@tf:clip_value_min clip@tf:min clip@tf:min_value clip@tf:clip_value_max \
        clip@tf:max clip@tf:max_value clamp@tf:clip_value_min clamp@tf:min clamp@tf:min_value clamp@tf:clip_value_max \
        clamp@tf:max clamp@tf:max_value clipbyvalue@tf:clip_value_min clipbyvalue@tf:min clipbyvalue@tf:min_value \
        clipbyvalue@tf:clip_value_max clipbyvalue@tf:max clipbyvalue@tf:max_value hardshrink@tf:lower \
        hardshrink@tf:upper hardthreshold@tf:lower hardthreshold@tf:upper softshrink@tf:lower softshrink@tf:upper \
        softthreshold@tf:lower softthreshold@tf:upper clip@onnx:min clip@onnx:min_value clip@onnx:max \
        clip@onnx:max_value clamp@onnx:min clamp@onnx:min_value clamp@onnx:max clamp@onnx:max_value \
        clipbyvalue@onnx:min clipbyvalue@onnx:min_value clipbyvalue@onnx:max clipbyvalue@onnx:max_value \
        selu@onnx:alpha selu@onnx:gamma scaledelu@onnx:alpha scaledelu@onnx:gamma clip@mlx:a_min clip@mlx:min \
        clip@mlx:min_value clip@mlx:a_max clip@mlx:max clip@mlx:max_value clamp@mlx:a_min clamp@mlx:min \
        clamp@mlx:min_value clamp@mlx:a_max clamp@mlx:max clamp@mlx:max_value clipbyvalue@mlx:a_min \
        clipbyvalue@mlx:min clipbyvalue@mlx:min_value clipbyvalue@mlx:a_max clipbyvalue@mlx:max \
        clipbyvalue@mlx:max_value xielu@hf:eps
            printf '%s\n' none
        case geluexact@:approximate geluerf@:approximate gelupython@:approximate gelu@:approximate \
        gelu@torch:approximate geluexact@torch:approximate geluerf@torch:approximate gelupython@torch:approximate \
        gelu@onnx:approximate geluexact@onnx:approximate geluerf@onnx:approximate gelupython@onnx:approximate
            printf '%s\n' none tanh
        case gumbelsoftmax@torch:hard
            printf '%s\n' false true
        case gelu@jax:approximate geluexact@jax:approximate geluerf@jax:approximate gelupython@jax:approximate \
        gelu@keras:approximate geluexact@keras:approximate geluerf@keras:approximate gelupython@keras:approximate \
        gelu@tf:approximate geluexact@tf:approximate geluerf@tf:approximate gelupython@tf:approximate
            printf '%s\n' none tanh true false
    end
end

complete -c actcli -f
complete -c actcli -n '__actcli_is \'\'' -a eval -d 'Values f(x).'
complete -c actcli -n '__actcli_is \'\'' -a grad -d 'Derivatives f\'(x).'
complete -c actcli -n '__actcli_is \'\'' -a table -d 'f and f\' over a range, as a table or a plot.'
complete -c actcli -n '__actcli_is \'\'' -a compare -d 'Differences of activations; errors of your results.'
complete -c actcli -n '__actcli_is \'\'' -a list -d 'Search the catalogue.'
complete -c actcli -n '__actcli_is \'\'' -a show -d 'Everything about one activation.'
complete -c actcli -n '__actcli_is \'\'' -a demo -d 'Small networks that show why activations exist.'
complete -c actcli -n '__actcli_is \'\'' -a help -d 'Topics: formulas, csv, numbers, exactness, ...'
complete -c actcli -n '__actcli_is \'\'' -a completion -d 'Print the completion script of a shell.'
complete -c actcli -n '__actcli_is eval; and not __actcli_given >/dev/null' -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is grad; and not __actcli_given >/dev/null' -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is table' -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is compare' -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is show; and not __actcli_given >/dev/null' -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is demo; and not __actcli_given >/dev/null' -a 'linearity threshold training dying-relu'
complete -c actcli -n '__actcli_is help; and not __actcli_given >/dev/null' -a 'activations formulas frameworks numbers csv output exactness python shell eval grad table compare list show demo help completion'
complete -c actcli -n '__actcli_is completion; and not __actcli_given >/dev/null' -a 'bash zsh fish'
complete -c actcli -n '__actcli_is \'\'' -l version -d 'Print the version.'
complete -c actcli -n '__actcli_is \'\' eval grad table compare list show demo help completion' -s h -l help -d 'Show this message and exit.'
complete -c actcli -n '__actcli_is eval grad table compare' -l range -x -d 'x from A to B inclusive.'
complete -c actcli -n '__actcli_is eval grad' -s n -x -d 'Number of points (default 21).'
complete -c actcli -n '__actcli_is eval grad table compare' -l step -x -d 'Distance between points, instead of -n.'
complete -c actcli -n '__actcli_is eval grad table compare' -l half-open -d 'Exclude B from the range.'
complete -c actcli -n '__actcli_is eval grad table compare' -l all -d 'Every value of a 16- or 8-bit dtype, ordered by bit pattern.'
complete -c actcli -n '__actcli_is eval grad table compare' -s i -l input -x -a '(__actcli_csv)'
complete -c actcli -n '__actcli_is eval grad table compare' -s i -l input -x -d 'Read x from CSV, compressed or not: - is stdin, .tsv is tab-separated.'
complete -c actcli -n '__actcli_is eval grad compare' -l dtype -x -a 'float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2'
complete -c actcli -n '__actcli_is eval grad compare' -l dtype -x -d 'Number format of x and results: float64, float32, float16, bfloat16, float8_e4m3fn, float8_e5m2 (default float64).'
complete -c actcli -n '__actcli_is eval grad table compare' -l bits -d 'Columns hold bit patterns of the dtype: 0x (optional in input) and all hexadecimal digits.'
complete -c actcli -n '__actcli_is eval grad table compare show' -s p -l param -x -a '(__actcli_setting)'
complete -c actcli -n '__actcli_is eval grad table compare show' -s p -l param -x -d 'Set a parameter; VALUE is a number, a fraction (1/6) or a word such as none.'
complete -c actcli -n '__actcli_is eval grad' -l seed -x -d 'Random numbers as in training (rrelu, gumbel_softmax); the same N gives the same results.'
complete -c actcli -n '__actcli_is eval grad table compare' -s c -l column -x -a '(__actcli_column)'
complete -c actcli -n '__actcli_is eval grad table compare' -s c -l column -x -d 'Column: a name, an index (-1 is the last), a range (2-5), a pattern (\'u*\'), or several of these (a,2-5).'
complete -c actcli -n '__actcli_is eval grad table compare' -l header -d 'The first row is a header, even if it is a number.'
complete -c actcli -n '__actcli_is eval grad table compare' -l no-header -d 'The first row is data.'
complete -c actcli -n '__actcli_is eval grad table compare' -s d -l delimiter -x -d 'Cell separator of input and output (default: comma); \' \' is any run of blanks.'
complete -c actcli -n '__actcli_is eval grad table compare' -l on-error -x -a 'fail nan skip'
complete -c actcli -n '__actcli_is eval grad table compare' -l on-error -x -d 'What to do with a non-numeric cell: fail, write nan, or skip the row, ragged ones too (default fail).'
complete -c actcli -n '__actcli_is eval grad table compare' -l na -x -d 'Missing values besides the empty cell: NA,NULL.'
complete -c actcli -n '__actcli_is eval grad table compare' -l decimal -x -a '. ,'
complete -c actcli -n '__actcli_is eval grad table compare' -l decimal -x -d 'Decimal separator of cells and results.'
complete -c actcli -n '__actcli_is eval grad table compare' -l comment -x -d 'Pass lines through that start with TEXT, such as \'#\'.'
complete -c actcli -n '__actcli_is eval grad table compare' -l skip-lines -x -d 'Pass the first N lines through.'
complete -c actcli -n '__actcli_is eval grad table' -l replace -d 'Replace the column by the results instead of appending them.'
complete -c actcli -n '__actcli_is eval grad table' -l in-place -d 'Replace the file of -i by the result; a hard link to it keeps the old content.'
complete -c actcli -n '__actcli_is eval grad table compare list show demo' -s o -l output -rF -d 'Write to FILE; the extension sets the format; .gz, .bz2 and .xz compress.'
complete -c actcli -n '__actcli_is eval grad' -s f -l format -x -a 'auto table csv tsv json jsonl md plain hex'
complete -c actcli -n '__actcli_is eval grad' -s f -l format -x -d 'auto, table, csv, tsv, json, jsonl, md, plain, hex (auto: a table on a terminal, else csv).'
complete -c actcli -n '__actcli_is eval grad' -l digits -x -d 'Print the exact value to N significant digits.'
complete -c actcli -n '__actcli_is eval grad table' -l precision -x -d 'Significant digits in table and md (default 6).'
complete -c actcli -n '__actcli_is eval grad table' -l as -x -d 'Name of the new column; repeat it for several columns.'
complete -c actcli -n '__actcli_is eval grad table compare list show demo' -l color -x -a 'auto always never'
complete -c actcli -n '__actcli_is eval grad table compare list show demo' -l color -x -d 'Use colour: auto, always or never (default auto).'
complete -c actcli -n '__actcli_is grad' -l order -x -d 'Order, 1 to 3 (default 1).'
complete -c actcli -n '__actcli_is grad' -l wrt -x -a '(__actcli_parameter)'
complete -c actcli -n '__actcli_is grad' -l wrt -x -d 'Differentiate with respect to this parameter instead of x.'
complete -c actcli -n '__actcli_is grad' -l sides -d 'Add the left and right derivatives.'
complete -c actcli -n '__actcli_is table' -l order -x -d 'Add the derivatives up to order K, at most 3.'
complete -c actcli -n '__actcli_is table' -l grad -d 'Add the derivative f\': --order 1.'
complete -c actcli -n '__actcli_is table' -l dtype -x -a 'float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2 q1.6 q1.14 q7.8 uq0.8 uq0.16'
complete -c actcli -n '__actcli_is table' -l dtype -x -d 'Number format: float64, float32, float16, bfloat16, float8_e4m3fn, float8_e5m2 (default float64); for results also fixed point: qM.N (sign, M and N bits) or uqM.N.'
complete -c actcli -n '__actcli_is table compare' -s n -x -d 'Number of points (default 13).'
complete -c actcli -n '__actcli_is table' -l plot -d 'Draw the functions; with --order the derivatives below.'
complete -c actcli -n '__actcli_is table' -l width -x -d 'Width in columns (default: the terminal\'s).'
complete -c actcli -n '__actcli_is table' -l height -x -d 'Height in lines (default: the terminal\'s).'
complete -c actcli -n '__actcli_is table' -l charset -x -a 'auto braille block ascii'
complete -c actcli -n '__actcli_is table' -l charset -x -d 'Characters to draw with (default auto).'
complete -c actcli -n '__actcli_is table' -s f -l format -x -a 'auto table csv tsv json jsonl md plain hex c'
complete -c actcli -n '__actcli_is table' -s f -l format -x -d 'auto, table, csv, tsv, json, jsonl, md, plain, hex, c (auto: a table on a terminal, else csv).'
complete -c actcli -n '__actcli_is table' -l verbose -d 'Write the errors of lookup and interpolation to stderr.'
complete -c actcli -n '__actcli_is compare' -l order -x -d 'Compare the derivatives up to order K, at most 3.'
complete -c actcli -n '__actcli_is compare' -l grad -d 'Compare the derivative f\': --order 1.'
complete -c actcli -n '__actcli_is compare' -l y -x -a '(__actcli_column)'
complete -c actcli -n '__actcli_is compare' -l y -x -d 'The column of results f(x) to check.'
complete -c actcli -n '__actcli_is compare' -l max-ulp -x -d 'Exit with code 3 if an error exceeds N ulp or a y is unreadable.'
complete -c actcli -n '__actcli_is compare' -s f -l format -x -a 'auto csv tsv json jsonl md plain'
complete -c actcli -n '__actcli_is compare' -s f -l format -x -d 'auto, csv, tsv, json, jsonl, md, plain (auto: a report; json: the whole report; others: the points).'
complete -c actcli -n '__actcli_is compare' -l precision -x -d 'Significant digits in the report (default 6; differences 4).'
complete -c actcli -n '__actcli_is list' -l framework -x -a 'torch jax keras tf onnx mlx hf'
complete -c actcli -n '__actcli_is list' -l framework -x -d 'Only activations of this framework: torch, jax, keras, tf, onnx, mlx, hf.'
complete -c actcli -n '__actcli_is list' -l kind -x -a 'elementwise vector gated stochastic'
complete -c actcli -n '__actcli_is list' -l kind -x -d 'Only activations of this kind: elementwise, vector, gated, stochastic.'
complete -c actcli -n '__actcli_is list' -s f -l format -x -a 'auto table csv tsv json jsonl md plain'
complete -c actcli -n '__actcli_is list' -s f -l format -x -d 'auto, table, csv, tsv, json, jsonl, md, plain (auto: a table on a terminal, else csv; plain: the names).'
complete -c actcli -n '__actcli_is list' -s d -l delimiter -x -d 'Cell separator of CSV (default: comma).'
complete -c actcli -n '__actcli_is show' -l dtype -x -a 'float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2'
complete -c actcli -n '__actcli_is show' -l dtype -x -d 'Also show where f and f\' are 0, 1, x, their limit, subnormal or too large in float64, float32, float16, bfloat16, float8_e4m3fn, float8_e5m2.'
complete -c actcli -n '__actcli_is show' -s f -l format -x -a 'auto json'
complete -c actcli -n '__actcli_is show' -s f -l format -x -d 'auto, json (auto: a report; json: for programs).'
complete -c actcli -n '__actcli_is show' -l precision -x -d 'Significant digits in the report (default 6).'
complete -c actcli -n '__actcli_is demo' -l activation -x -a '(__actcli_spec)'
complete -c actcli -n '__actcli_is demo' -l activation -x -d 'The activation to show (default: relu in linearity, tanh in training); topics that compare several show it first.'
complete -c actcli -n '__actcli_is demo' -l seed -x -d 'Seed of the random numbers; the same N gives the same run (default 0).'
complete -c actcli -n '__actcli_is demo' -s f -l format -x -a 'auto csv tsv json jsonl md plain'
complete -c actcli -n '__actcli_is demo' -s f -l format -x -d 'auto, csv, tsv, json, jsonl, md, plain (auto: a report; json: the whole report; others: its curves).'
