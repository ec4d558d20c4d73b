/**
 * The words of reports and of the method, and the signs in them: each in a sentence or two that need no other source. The page's
 * glossary and `crossover explain` are made of it; a word stands here once.
 */
export const GLOSSARY = {
  architecture: 'how a server is built: staged or sharded',
  arm: 'one of the servers that are compared',
  band: 'what a winner must be beyond on this machine, where it is more than 5 %; see A/A band',
  'A/A band':
    'how far from 1 the ratio gets when this machine compares an architecture with itself',
  'break-even':
    'the CPU per request, sharded ÷ staged, at which both sustain the same load within a latency, by queueing theory',
  capacity:
    'what a server can bear: the highest load that it sustains (see sustained). Loads in percent are shares of the smallest one; what it completes when requests always wait is the saturated throughput',
  class:
    'a kind of requests that a scenario names, e.g. light and heavy; --class has the verdict on the latencies of one of them',
  client: 'what sends requests and times the replies; over HTTP it is a program of its own',
  'CPU per request':
    'processor time of all of a server’s threads ÷ requests that it answered; at low load much of it is polling',
  crossover:
    'the value of a parameter, or the load, at which the winner changes; crossover find looks for it',
  deployment: 'one server from its start, through warm-up and trials, to its stop',
  doubtful: 'of a trial that failed a gate: it counts, and is marked',
  faster:
    'of a latency: 5× faster is a fifth of the time; the ratio the other way round, with its bounds. More and less are said of loads and of CPU time',
  fused:
    'a layout of staged: one pool of threads, each of which takes a request through all stages itself',
  gap: 'time between two turns of the thread that serves a port, sleep excluded',
  gate: 'a check that a trial must pass, else its round’s trials at this load are played again, or its numbers are doubtful',
  goodput:
    'requests per second that were answered within a stated time (--within): late ones are of no use',
  handoff:
    'moving a request from one thread to another: it is enqueued, and the other thread may have to be woken',
  hiccup: 'time for which the system kept a thread from running that only reads the clock',
  Holm: 'a rule for several verdicts at once (Holm 1979): each needs more confidence than alone, so that all together are wrong no oftener than one would be',
  inconclusive:
    'the interval leaves open who wins, or whether it matters; often more rounds decide, and the report says how many',
  ingress:
    'the way of a request into a server: ingress wait is from its due instant until a thread looks at it',
  'inline ceiling':
    'requests per second if their functions are simply called, one after the other, with no server around them: what no architecture can exceed',
  interval:
    'the values that the pairs leave possible, with the stated confidence; a winner needs a whole interval on one side',
  latency:
    'from the instant at which the schedule places a request to its reply, as a client sees it',
  load: 'requests per second that are offered, whether or not the server keeps up; 50% is half of the smaller capacity, max as many as it takes',
  mailbox: 'the ring of messages into a shard from one other shard',
  'make-up':
    'what a latency consists of: waits for queues, locks and messages, and service; of a sample of the requests',
  none: 'as a winner: the whole interval lies within 5 %, so there is no difference that matters',
  p50: 'the median: half of the requests due in the steady state were answered within this time',
  p99: '99% of the requests due in the steady state were answered within this time',
  'p99.9': '99.9% of the requests due in the steady state were answered within this time',
  pair: 'a trial of two arms in one round, on the same requests',
  port: 'what one core sees of its network card: where requests come in and replies leave',
  prediction:
    'what a scenario expected before it was measured, and why; its outcome is told beside it',
  range: 'smallest and largest value instead of a confidence interval',
  ratio: 'a figure of the second arm ÷ that of the first, estimated over pairs',
  round: 'every arm started and warmed anew, and measured at every load',
  run: 'all rounds of one command; it makes one report',
  saturated:
    'a server does not keep up: less than 99 % answered in most trials. Its queue grows, so its latencies say how long the trial was, and are not compared',
  'saturated throughput': 'what an arm completes when the next request always waits already',
  scenario:
    'a workload with a name: its requests, the stages that they pass, and the answers that are right',
  server:
    'what answers the requests; those that are compared are called arms where it matters that they are',
  set: 'the trials of all arms at one load in one round, back to back on one trace',
  sharded:
    'an architecture: one thread per core owns a part of the data and does all of a request’s work; other cores’ data is reached by messages, without locks',
  SLO: 'a limit for a latency, e.g. p99=1ms; --slo searches the highest load that keeps it',
  stage:
    'one step of a request’s work; in staged it has a queue, and a pool of threads that serve it',
  staged:
    'an architecture (SEDA): pools of threads pass each request from stage to stage through queues and share the data under locks',
  'steady state': 'the part of a trial that is measured, behind the warm-up',
  sure: 'of figures beside the verdict: the interval of 99 % lies beyond 1.05 on one side',
  sustained: 'the highest load, requests at their own instants, that an arm keeps',
  trace: 'which request is due when; all arms of a set get the same',
  trial: 'one arm at one load in one round',
  undecided: 'the same as inconclusive',
  unanswered:
    'of requests that were refused or got no reply: they count as later than all that were answered',
  verdict:
    'who wins on the metric named before the run: a winner, none, or inconclusive; other figures have intervals and no verdict',
  void: 'of a trial in which an answer was wrong: its figures count nowhere',
  'warm-up':
    'requests before a trial until compilers and collectors are quiet; they are not measured',
  winner:
    'the arm on whose side the whole interval lies, beyond 1.05 or the A/A band, whichever is larger',
  '?': 'not decided: the interval leaves open who is better, or whether it matters',
  '> 1.20 s':
    'falls on a request that was refused or never answered, this long ago; a curve ends where they begin',
  '0.31× (0.26–0.38)':
    'second arm ÷ first arm: the estimate over pairs and its confidence interval',
  '–': 'not measured, or not available on this machine',
} as const satisfies Readonly<Record<string, string>>

/** What has an explanation. */
export type GlossaryWord = keyof typeof GLOSSARY
