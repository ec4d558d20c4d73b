#!/bin/sh
# The command `crossover`, from whatever folder: on the node that was installed with the package, else on the machine's own.
# In the shell's words, since a machine's old node cannot even read main.ts.
entry=$(readlink -f "$0")
folder=${entry%/*}
node="$folder/../../node_modules/node/bin/node"
# One that is there may not start: another machine's, another libc. Asked for its version it says so, in milliseconds.
"$node" --version >/dev/null 2>&1 || node=node
if ! "$node" --version >/dev/null 2>&1; then
  echo 'error: no node starts here, neither the one of crossover nor one on the PATH' >&2
  echo 'cure: run npm install in the folder of crossover, on this machine' >&2
  exit 2
fi
exec "$node" "$folder/main.ts" "$@"
