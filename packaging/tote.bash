# bash completion for tote: commands and flags as --help lists them.
_tote() {
  local current=${COMP_WORDS[COMP_CWORD]} commands=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] || commands+=("${COMP_WORDS[i]}")
  done
  local help
  if [[ $current == -* ]]; then
    help=$(tote "${commands[@]}" --help 2>/dev/null | grep -oE -- '--[a-z0-9-]+' | sort -u)
  elif ((${#commands[@]} == 0)); then
    help=$(tote --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p')
  fi
  mapfile -t COMPREPLY < <(compgen -W "$help" -- "$current")
  ((${#COMPREPLY[@]} > 0)) || compopt -o default
}
complete -F _tote tote
