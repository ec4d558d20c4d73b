import { CATALOGUE_SCHEMA_VERSION, type Catalogue } from '../../harness/results/catalogue.ts'
import { catalogueFigures } from '../../harness/render/catalogue.ts'
import { pairReport } from '../../harness/results/compared-pair.ts'
import { sampleReport } from './sample-report.ts'

/** Of four scenarios: one confirmed in part, one refuted in part, one whose stage threw, one that was not finished. */
export function sampleCatalogue(): Catalogue {
  const nothing = {
    question: 'Does it matter?',
    claim: null,
    prediction: null,
    outcome: null,
    outcomeText: null,
    theme: null,
    headline: null,
    figures: null,
    notices: [],
    failure: null,
    folder: null,
  }
  const figures = catalogueFigures(pairReport(sampleReport()))
  return {
    schemaVersion: CATALOGUE_SCHEMA_VERSION,
    complete: false,
    ending: 'the run was interrupted',
    startedAt: '2026-11-22T19:53:58.123Z',
    elapsedSeconds: 83.4,
    command: 'npx crossover run --all --profile short --seed 7',
    seed: 7,
    profile: 'short',
    environment: sampleReport().environment,
    scenarios: [
      {
        ...nothing,
        name: 'kv-update',
        asked: 'kv-update',
        state: 'sound',
        folder: 'kv-update',
        claim: 'C04',
        theme: 'stages and handoffs',
        figures,
        prediction: { winner: 'sharded', because: 'handoffs & locks cost more than the work' },
        outcome: { confirmed: ['20%', '50%'], refuted: [], undecided: ['80%'] },
        outcomeText: 'confirmed at 2 of 3 loads (20%, 50%), undecided at one (80%)',
        headline: 'sharded is faster: its p99 is 0.3× staged’s.',
      },
      {
        ...nothing,
        name: 'low-load',
        asked: 'low-load',
        state: 'sound',
        folder: 'low-load',
        claim: 'C16',
        theme: 'My own',
        figures: figures && { ...figures, winner: 'none', metric: 'achievedPerSecond', p99: null },
        prediction: { winner: 'none', because: 'nobody waits' },
        outcome: { confirmed: ['1%'], refuted: ['20%'], undecided: [] },
        outcomeText: 'confirmed at one of 2 loads (1%), refuted at one (20%)',
        headline: 'No difference that matters.',
        notices: ['8 virtual cores on 2 processors: services are waits.'],
      },
      {
        ...nothing,
        name: 'my-own',
        asked: './my-own.ts',
        state: 'failed',
        question: 'Is <b>markup</b> text?',
        failure: {
          kind: 'run',
          code: 'stage-failed',
          message: 'my-own: a stage threw: stage=apply: <script>alert(1)</script>',
          cure: 'mend it',
        },
      },
      { ...nothing, name: 'overload', asked: 'overload', state: 'unfinished' },
    ],
  }
}
