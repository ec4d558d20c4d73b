import { counter } from './counter.js'

await new Promise(() => {})

export default { ...counter, name: 'never-loads' }
