# What zsh offers for the word at the end of a line: zsh -f offers.zsh SCRIPT LINE OUTPUT
# A second zsh with a terminal of its own reads the script and gets the line and a tab; what its completion hands to
# `compadd` is written into OUTPUT, a word a line, and `.` at the end.
zmodload zsh/zpty
zpty -b inner zsh -f -i
tell() { zpty -w inner "$1" }
tell "PROMPT=; autoload -Uz compinit; compinit -u -D; LISTMAX=0; stty rows 500; source ${(q)1}"
tell "compadd() {
    if (( ! \${@[(I)-[OD]]} )); then
        local -a fitting; builtin compadd -O fitting \"\$@\"
        (( \$#fitting )) && print -rl -- \$fitting >> ${(q)3}
    fi
    builtin compadd \"\$@\"
}"
tell "offers() { zle complete-word; print -r -- . >> ${(q)3} }; zle -N offers; bindkey '^I' offers"
zpty -n -w inner "$2"$'\t'
while zpty -t inner; do
    # What the terminal shows must be taken away, or the inner shell waits.
    zpty -r -t inner shown 2>/dev/null
    [[ -f $3 && $(tail -n 1 -- $3) == . ]] && break
    sleep 0.05
done
zpty -d inner
