// What the reference in Java has in common with any server of `scenarios/kv-update.ts`: keys, hashes, traces, frames,
// records and histogram, as harness/ has them; each names its model there. Frames and records are words, as there.
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

final class KvUpdate {
  static final int KEYS = 100_000, KEY_BYTES = 16, KEY_WORDS = 4, PAYLOAD_BYTES = 92, PAYLOAD_WORDS = 24, HEAD_BYTES = 24;
  static final int READ = 1, UPDATE = 2, STATUS_OK = 0, STATUS_NOT_FOUND = 1, STATUS_CORRUPT = 2, STATUS_BAD_REQUEST = 3;
  static final int STRIPES = 1_024, CYCLE = 1 << 17;
  static final int PAYLOAD_STEP = 0x9e3779b1, PAYLOAD_OFFSETS = 256, VALUE_HEAD = 8;
  static final long NS_PER_SECOND = 1_000_000_000L;
  static final int USER = 0x72657375, ZEROS = 0x30303030;

  // Keys and hashes: harness/workload/keys.ts, harness/base/hash.ts.
  static int letterWord(int value) {
    return (((value >>> 12) & 0xf) | (value & 0xf00) | ((value & 0xf0) << 12) | ((value & 0xf) << 24)) + 0x61616161;
  }

  static void writeKey(int[] words, int at, int index) {
    words[at] = USER;
    words[at + 1] = ZEROS;
    words[at + 2] = letterWord(index >>> 16);
    words[at + 3] = letterWord(index & 0xffff);
  }

  static int hashKey(int[] words, int at, int keyBytes) {
    int hash = keyBytes ^ 0x5bd1e995;
    for (int word = at, end = at + (keyBytes + 3) / 4; word < end; word++)
      hash = Integer.rotateLeft(hash ^ Integer.rotateLeft(words[word] * 0xcc9e2d51, 15) * 0x1b873593, 13) * 5 + 0xe6546b64;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  static int valueChecksum(int keyHash, int version) {
    int state = (keyHash ^ version * 0x9e3779b1) * 0x85ebca6b;
    return state ^ (state >>> 15);
  }

  /** splitmix64 (Steele, Lea, Flood 2014). */
  static final class Draws {
    long state;

    double unit() {
      long z = state += 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
    }
  }

  static final double ITEMS = 1e10, ZETA = 26.46902820178302, THETA = 0.99, ZETA_2 = 1 + Math.pow(0.5, THETA);
  static final double ETA = (1 - Math.pow(2 / ITEMS, 1 - THETA)) / (1 - ZETA_2 / ZETA);

  /** YCSB's: harness/workload/scrambled-zipfian.ts. */
  static int scrambledZipfian(double unit) {
    double scaled = unit * ZETA;
    long rank = scaled < 1 ? 0 : scaled < ZETA_2 ? 1 : (long) (ITEMS * Math.pow(ETA * unit - ETA + 1, 1 / (1 - THETA)));
    long hash = 0xcbf29ce484222325L;
    for (int octet = 0; octet < 8; octet++, rank >>>= 8) hash = (hash ^ (rank & 0xff)) * 0x100000001b3L;
    return (int) (Math.abs(hash) % KEYS);
  }

  /** Of one port: what arrives when, since the beginning of its cycle. */
  static final class Trace {
    final double[] instants = new double[CYCLE];
    final long[] offsetsNs = new long[CYCLE];
    final int[] keys = new int[CYCLE], operations = new int[CYCLE], hashes = new int[CYCLE];
    int count;
  }

  /** Poisson arrivals over all ports, each request at any of them; scaled so that the cycle has the rate exactly. */
  static void drawTrace(Trace[] ports, double cycleNs, long seed) {
    for (Trace port : ports) port.count = 0;
    Draws draws = new Draws();
    draws.state = seed;
    int[] key = new int[KEY_WORDS];
    double instant = 0;
    for (int i = 0; i < CYCLE; i++) {
      instant -= Math.log(1 - draws.unit());
      Trace port = ports[(int) (draws.unit() * ports.length)];
      port.operations[port.count] = draws.unit() < 0.5 ? READ : UPDATE;
      port.keys[port.count] = scrambledZipfian(draws.unit());
      writeKey(key, 0, port.keys[port.count]);
      port.hashes[port.count] = hashKey(key, 0, KEY_BYTES);
      port.instants[port.count++] = instant;
    }
    for (Trace port : ports)
      for (int i = 0; i < port.count; i++) port.offsetsNs[i] = (long) (port.instants[i] / instant * cycleNs);
  }

  /** HdrHistogram's buckets of three digits: harness/measure/buckets.ts. */
  static final int BUCKETS = 27 * 1_024;

  static int bucketOf(long ns) {
    long value = Math.min(Math.max(ns, 0), 60 * NS_PER_SECOND);
    int shift = value < 2_048 ? 0 : 53 - Long.numberOfLeadingZeros(value);
    return (shift << 10) + (int) (value >>> shift);
  }

  static long valueOf(int bucket) {
    if (bucket < 2_048) return bucket;
    int shift = (bucket >> 10) - 1;
    return ((long) (bucket - (shift << 10)) << shift) + (1L << (shift - 1));
  }

  // A request's words: its frame's head (harness/ports/replay/frame-codec.ts), then key and payload.
  static final int LENGTH = 0, ID = 1, OPERATION = 2, STATUS = 2, SIZES = 3;
  static final int SERVICE = 4, VERSION = 4, MANY = 5, CHECKSUM = 5;
  static final int KEY = 6, PAYLOAD = KEY + KEY_WORDS;
  static final int[] PAYLOADS = new int[2 * PAYLOAD_OFFSETS + PAYLOAD_WORDS];

  static {
    Arrays.setAll(PAYLOADS, word -> (word + 1) * PAYLOAD_STEP);
  }

  /** A request on its way. It belongs to whoever took it from a queue; the queues' locks order the writes. */
  static final class Request {
    final int port;
    final int[] words = new int[PAYLOAD + PAYLOAD_WORDS];
    int operation, keyBytes, valueBytes, hash, status, version, checksum, replyBytes;
    // The network thread's own.
    int position;
    boolean isInFlight;
    long dueNs;

    Request(int port) {
      this.port = port;
    }

    /** The bytes that a network card would have put there: harness/ports/replay/frame-writer.ts. */
    void write(int id, int key, int operation) {
      int bytes = operation == UPDATE ? PAYLOAD_BYTES : 0;
      words[LENGTH] = HEAD_BYTES + KEY_BYTES + bytes;
      words[ID] = id;
      words[OPERATION] = operation;
      words[SIZES] = KEY_BYTES << 16 | bytes;
      words[SERVICE] = words[MANY] = 0;
      writeKey(words, KEY, key);
      if (bytes != 0) System.arraycopy(PAYLOADS, 2 * (id & (PAYLOAD_OFFSETS - 1)), words, PAYLOAD, PAYLOAD_WORDS);
    }

    /** Whether the reply answers the request: harness/ports/replay/answer-check.ts. */
    boolean isRight(int id, int key, int operation, int keyHash) {
      int bytes = operation == READ ? PAYLOAD_BYTES : 0, last = PAYLOAD_BYTES / 4 - 1;
      if (words[ID] != id || words[STATUS] != STATUS_OK || words[CHECKSUM] != valueChecksum(keyHash, words[VERSION])
          || words[KEY] != USER || words[KEY + 1] != ZEROS || words[KEY + 2] != letterWord(key >>> 16)
          || words[KEY + 3] != letterWord(key & 0xffff) || words[SIZES] != (KEY_BYTES << 16 | bytes)
          || words[LENGTH] != HEAD_BYTES + KEY_BYTES + bytes) return false;
      return bytes == 0 || words[VERSION] == 0 || words[PAYLOAD + last] - words[PAYLOAD] == last * PAYLOAD_STEP;
    }

    void decode() {
      int sizes = words[SIZES], key = sizes >>> 16, bytes = sizes & 0xffff;
      boolean sound = (words[OPERATION] == READ || words[OPERATION] == UPDATE) && words[MANY] == 0 && key == KEY_BYTES
          && bytes <= PAYLOAD_BYTES && words[LENGTH] == HEAD_BYTES + key + bytes;
      operation = sound ? words[OPERATION] : 0;
      keyBytes = sound ? key : 0;
      valueBytes = sound ? bytes : 0;
      status = STATUS_BAD_REQUEST;
      replyBytes = 0;
      hash = hashKey(words, KEY, keyBytes);
    }

    void encode() {
      words[LENGTH] = HEAD_BYTES + keyBytes + replyBytes;
      words[STATUS] = status;
      words[SIZES] = keyBytes << 16 | replyBytes;
      words[VERSION] = version;
      words[CHECKSUM] = checksum;
    }
  }

  /** The records, chained by bucket (harness/shared-memory/hash-table.ts); a lock covers whole ones. */
  static final class Table {
    static final int NEXT = 0, SIZES = 1, VERSION = 2, CHECKSUM = 3, KEY = 4, PAYLOAD = KEY + KEY_WORDS, RECORD = 32;
    static final int BUCKETS = Integer.highestOneBit(2 * KEYS - 1) << 1;
    final int[] buckets = new int[BUCKETS], words = new int[(KEYS + 1) * RECORD];
    final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    Table() {
      Arrays.setAll(locks, stripe -> new ReentrantLock());
    }

    /** All values as they were before the first request. */
    void reset() {
      Arrays.fill(buckets, 0);
      Arrays.fill(words, 0);
      for (int index = 0, record = RECORD; index < KEYS; index++, record += RECORD) {
        writeKey(words, record + KEY, index);
        int hash = hashKey(words, record + KEY, KEY_BYTES);
        words[record + NEXT] = buckets[hash & (BUCKETS - 1)];
        words[record + SIZES] = KEY_BYTES << 16 | (PAYLOAD_BYTES + VALUE_HEAD);
        words[record + CHECKSUM] = valueChecksum(hash, 0);
        buckets[hash & (BUCKETS - 1)] = record;
      }
    }

    long versions() {
      long sum = 0;
      for (int record = RECORD; record < words.length; record += RECORD) sum += words[record + VERSION];
      return sum;
    }

    int find(Request request) {
      int record = buckets[request.hash & (BUCKETS - 1)];
      while (record != 0 && (words[record + SIZES] >>> 16 != request.keyBytes
          || !Arrays.equals(words, record + KEY, record + PAYLOAD, request.words, KvUpdate.KEY, KvUpdate.PAYLOAD)))
        record = words[record + NEXT];
      return record;
    }

    /** harness/workload/read-or-update.ts */
    void apply(Request request) {
      ReentrantLock lock = locks[request.hash & (STRIPES - 1)];
      lock.lock();
      try {
        int record = find(request);
        request.status = STATUS_NOT_FOUND;
        if (record == 0) return;
        request.version = words[record + VERSION];
        request.checksum = words[record + CHECKSUM];
        request.status = STATUS_CORRUPT;
        if (request.checksum != valueChecksum(request.hash, request.version)) return;
        request.status = STATUS_OK;
        if (request.operation == READ) {
          System.arraycopy(words, record + PAYLOAD, request.words, KvUpdate.PAYLOAD, PAYLOAD_WORDS);
          request.replyBytes = (words[record + SIZES] & 0xffff) - VALUE_HEAD;
          return;
        }
        System.arraycopy(request.words, KvUpdate.PAYLOAD, words, record + PAYLOAD, PAYLOAD_WORDS);
        words[record + SIZES] = KEY_BYTES << 16 | (request.valueBytes + VALUE_HEAD);
        words[record + VERSION] = ++request.version;
        words[record + CHECKSUM] = request.checksum = valueChecksum(request.hash, request.version);
      } finally {
        lock.unlock();
      }
    }
  }
}
