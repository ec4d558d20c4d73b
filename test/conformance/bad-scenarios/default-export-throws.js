import { counter } from './counter.js'

function sizeOf(name) {
  throw new Error(`no size is known of ${name}`)
}

export default { ...counter, name: 'default-export-throws', size: sizeOf('default-export-throws') }
