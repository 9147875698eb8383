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
@NAMES@
    )
    [[ -z $cur ]] || choices+=(
@ALIASES@
    )
}

_actcli_frameworks()
{
    case $1 in
@FRAMEWORKS@
    esac
}

_actcli_parameters()
{
    case $1 in
@PARAMETERS@
    esac
}

_actcli_values()
{
    case $1 in
@VALUES@
    esac
}
