#!/bin/sh
# The command `crossover`, from whatever folder: on the node that was installed with the package, else on the machine's own.
# In the shell's words, since a machine's old node cannot even read main.ts.
entry=$(readlink -f "$0")
folder=${entry%/*}
node="$folder/../../node_modules/node/bin/node"
[ -x "$node" ] || node=node
exec "$node" "$folder/main.ts" "$@"
