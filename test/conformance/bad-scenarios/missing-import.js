import { answer } from './there-is-no-such-file.js'

export default { name: 'missing-import', answer }
