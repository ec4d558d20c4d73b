import { expect, test } from 'vitest'
import { startServer } from '../../experiment/started-server.ts'
import { expectUnharmed, HostileClients } from './hostile-clients.ts'

const REQUESTS = 25_000

test.each(['sharded', 'staged', 'sharded:permits=4', 'staged:layout=fused:permits=4'])(
  '%s answers right whatever hostile clients do, and loses no slot',
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
