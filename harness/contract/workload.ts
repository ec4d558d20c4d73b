/** The requests of a scenario: what is stored, what is asked for, by whom and when. */

/** How often an operation occurs; each weight's share is weight ÷ sum of weights. */
export interface OperationMix {
  /** Reads of a record. */
  readonly read: number
  /** Replacements of the whole value. */
  readonly update: number
  /** Puts of a record that is not there yet, or was put before. @default 0 */
  readonly insert?: number
  /** Reads whose reply has the old value, and that replace it. @default 0 */
  readonly readModifyWrite?: number
}

export type KeyDistribution =
  /** Every key equally likely. */
  | { readonly kind: 'uniform' }
  /** YCSB: zipf(θ = 0.99) over 10¹⁰ items, scattered over the keys by FNV-1a. */
  | { readonly kind: 'scrambled-zipfian' }
  /** Zipf's law over all keys, exactly: the i-th most frequent is asked for in proportion to i^−θ. Which key that is, is fixed. */
  | {
      readonly kind: 'zipf'
      /** 0 (every key equally likely) … 10. */
      readonly theta: number
    }
  /** YCSB: the later a key was inserted the likelier, by zipf(θ = 0.99) of its age. */
  | { readonly kind: 'latest' }
  /** One key gets this share of all requests, the others share the rest alike. */
  | { readonly kind: 'hot-key'; /** 0 … 1. */ readonly share: number }
  /** YCSB: a set of keys gets most of the requests, all in it alike, and so do the others. */
  | {
      readonly kind: 'hotspot'
      /** Of the keys, in the set: above 0, below 1. */
      readonly keyShare: number
      /** Of the requests, to it: 0 … 1. */
      readonly requestShare: number
    }

export type ArrivalProcess =
  /** Exponential gaps, independent per port. */
  | { readonly kind: 'poisson' }
  /** Equal gaps. */
  | { readonly kind: 'constant' }
  /** Gaps of a generalised Pareto distribution: Facebook's ETC has shape 0.154971. */
  | { readonly kind: 'generalized-pareto'; /** 0 … 0.5. */ readonly shape: number }
  /** Poisson arrivals that come only in bursts, with silence between them. */
  | {
      readonly kind: 'bursts'
      /** Of the time, in which all requests come: above 0, at most 1. */
      readonly onShare: number
      /** Mean requests of a burst, 1 … 100,000. */
      readonly requests: number
    }

/** How long the work of a request takes that its stages declare as `drawn`: one draw per request, in the trace. */
export type ServiceTimes =
  | {
      readonly kind: 'fixed' | 'exponential'
      /** Microseconds, 1 … 100,000. */
      readonly meanMicros: number
    }
  /** One of several fixed times: bimodal shapes, or one request in many that takes long while the others take nothing. */
  | {
      readonly kind: 'mixture'
      readonly parts: readonly {
        readonly weight: number
        /** Microseconds, 0 … 2,000,000. */
        readonly micros: number
      }[]
    }

/** A request over many keys: it names the first, and the others follow from it. Inserts have one key. */
export interface KeysPerRequest {
  /** Keys of a request, 1 … 100, drawn uniformly between both, per request. */
  readonly minimum: number
  readonly maximum: number
  /** `neighbours`: the keys behind the first one in the order of insertion, as a scan reads them; `scattered`: by its hash. */
  readonly spread: 'neighbours' | 'scattered'
}

/**
 * Some clients send most of the requests; each client is connected to one port, and stays there, whatever shard its requests'
 * keys are of. Arms of `routing=shard-aware`, whose clients choose the port by the key, are refused.
 */
export interface HeavyClients {
  /** All clients, 1 … 10,000: client i is connected to port i mod k. */
  readonly clients: number
  /** Of the clients, heavy: 0 … 1. At least one is. */
  readonly heavyShare: number
  /** Of the requests, sent by heavy clients: 0 … 1. */
  readonly requestShare: number
}

/** Work that nobody waits for, as compaction: due at an even pace per core while the server runs, whatever the requests do. */
export interface BackgroundWork {
  /** Of each core's time, 0 … 0.9. */
  readonly share: number
  /** CPU time of one slice, microseconds, 10 … 10,000. */
  readonly sliceMicros: number
  /**
   * Whether requests go before it. Staged: threads of its own, of the lowest priority (nice 19) or of the same as all others;
   * sharded: slices of the reactor, taken when no request waits or in turn with them.
   */
  readonly priorities: boolean
}

/** Memory of the server that stages touch, apart from the records. */
export interface TouchedMemory {
  /** Per thread that executes such a stage, 1 … 1,024. */
  readonly megabytes: number
  /** `cold`: pages are given back after a touch, so each touch faults; `touched`: all were touched before; `locked`: likewise, and kept by mlock. */
  readonly state: 'cold' | 'touched' | 'locked'
}

/** A file of equal blocks that stages read, made for the run in the folder for temporary files. */
export interface BlockFile {
  /** 1 … 1,000,000. */
  readonly blocks: number
  /** A multiple of 512, up to 65,536; with cache `page`, of the kernel's pages. The file has at most 4 GiB. */
  readonly blockBytes: number
  /** Blocks that the cache holds, `own` and `page` alike, the least recently used one replaced (CLOCK). */
  readonly cachedBlocks: number
  /**
   * `own`: memory of the server, filled by reads past the page cache (O_DIRECT); `page`: the kernel's page cache, kept to the
   * same number of blocks by telling the kernel which to drop; `none`: read past the page cache each time.
   */
  readonly cache: 'own' | 'page' | 'none'
}

/**
 * A fixed text that answers every request in place of a record. Then all requests are reads and no stage is keyed:
 * a stage answers by `replyText`, and the client compares each reply's text with this one.
 */
export interface Document {
  /** Over HTTP, e.g. `/plaintext`: at most 256 letters, digits and `-._~/`; not `/healthz`, `/stats` or below `/kv/`. */
  readonly path: string
  /** Over HTTP, e.g. `text/plain`: at most 128 characters, printable ASCII. */
  readonly contentType: string
  /** ASCII, 1 … `valueBytes` − 8 bytes. */
  readonly text: string
}

/** How clients of real sockets connect where the user does not say. */
export interface Clients {
  /** Connections in all, 1 … 4,096. */
  readonly connections: number
  /** Requests that a connection sends before it waits for the first one's reply, 1 … 64. */
  readonly pipelining: number
}

/** Requests whose latencies a trial also counts apart, by name: the class of each is known when it is drawn. */
export type RequestClasses =
  /**
   * The favoured key of `hot-key`, `zipf` or `uniform` keys (the same one under each), others of its shard, those of other shards: of as
   * many as there are ports.
   */
  | {
      readonly by: 'hot-key'
      readonly names: readonly [hot: string, sameShard: string, otherShards: string]
    }
  /** Of `heavyClients`. */
  | { readonly by: 'client'; readonly names: readonly [heavy: string, light: string] }
  /** By the drawn service time. */
  | {
      readonly by: 'service-time'
      /** Ascending, microseconds, 0 … 2,000,000: a name's requests draw at most its limit, those of the last name more. */
      readonly upToMicros: readonly number[]
      /** One more than limits, 2 … 8. */
      readonly names: readonly string[]
    }
  /** Reads, and operations that write. */
  | { readonly by: 'operation'; readonly names: readonly [reads: string, writes: string] }

/** The requests: what is stored, what is asked for, and when. */
export interface Workload {
  /** Records stored before the first request, 1 … 67,108,864. */
  readonly recordCount: number
  /** Keys beyond those that inserts put, one after the other and then anew; needed by inserts only, 0 … 1,000,000. @default 0 */
  readonly insertRoom?: number
  /** Bytes of every stored value, its 8-byte head (version, checksum) included: 8 … 8,192, a multiple of 4. */
  readonly valueBytes: number
  /**
   * `fixed`: every value has `valueBytes`; `facebook-etc`: each key has a size of its own, drawn from the key by ETC's
   * distribution (Atikoglu et al., SIGMETRICS 2012), up to `valueBytes`. @default fixed
   */
  readonly valueSizes?: 'fixed' | 'facebook-etc'
  /** `fixed`: 16 bytes; `facebook-etc`: each key has a length of its own, 16 … 128 bytes, by ETC's distribution. @default fixed */
  readonly keySizes?: 'fixed' | 'facebook-etc'
  readonly operations: OperationMix
  readonly keys: KeyDistribution
  /** @default one key per request */
  readonly keysPerRequest?: KeysPerRequest
  readonly arrivals: ArrivalProcess
  /**
   * Share of the requests, 0 … 1, that clients send to a port other than that of their key's shard, to each of the others
   * alike; with one port there is no other. Clients that are shard-aware send none there, whatever is said here.
   * @default any port: (k − 1) ÷ k of them, with k ports
   */
  readonly remoteShare?: number
  /** In place of `remoteShare`: clients that are connected to one port each; not with `routing=shard-aware`. */
  readonly heavyClients?: HeavyClients
  /** For stages whose burn or wait is `drawn`. */
  readonly serviceTimes?: ServiceTimes
  /** For requests that no record answers. */
  readonly document?: Document
  /** @default 64 connections without pipelining (1) */
  readonly clients?: Clients
  /** Work that the server does besides. */
  readonly background?: BackgroundWork
  /** Threads that are none of the server's and burn all the time that they get, as another process would: 0 … 16. @default 0 */
  readonly burners?: number
  /** For stages that touch pages. */
  readonly memory?: TouchedMemory
  /** For stages that read blocks. */
  readonly file?: BlockFile
  /** @default none: nothing is counted apart */
  readonly classes?: RequestClasses
}
