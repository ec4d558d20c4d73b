import { expect, test } from 'vitest'
import { startServer } from '../../experiment/started-server.ts'
import { expectUnharmed, HostileClients } from './hostile-clients.ts'

const REQUESTS = 300

// With so few slots most requests wait for one.
test.each(['sharded:permits=4', 'staged:permits=4'])(
  '%s answers right whatever hostile clients do, and loses no slot',
  { timeout: 90_000 },
  async (arm) => {
    const { server, tcpPorts } = await startServer(arm)
    try {
      await new HostileClients(tcpPorts).attack(REQUESTS)
      await expectUnharmed(tcpPorts)
    } finally {
      await server.stop()
    }
    expect(server.figures().every(({ inFlight }) => inFlight === 0)).toBe(true)
  },
)
