// What the reference in C++ has in common with any server of `scenarios/kv-update.ts`: keys, hashes, traces, frames,
// records and histogram, as harness/ has them; each names its model there.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

using i64 = int64_t;
using u32 = uint32_t;
using u64 = uint64_t;

constexpr u32 KEYS = 100'000, KEY_BYTES = 16, KEY_WORDS = 4, PAYLOAD_BYTES = 92, PAYLOAD_WORDS = 24, HEAD_BYTES = 24;
constexpr u32 READ = 1, UPDATE = 2, STATUS_OK = 0, STATUS_NOT_FOUND = 1, STATUS_CORRUPT = 2, STATUS_BAD_REQUEST = 3;
constexpr u32 CYCLE = 1 << 17, PAYLOAD_STEP = 0x9e3779b1, PAYLOAD_OFFSETS = 256;
constexpr i64 NS_PER_SECOND = 1'000'000'000;

inline i64 nowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

// Keys and hashes: harness/workload/keys.ts, harness/base/hash.ts.
inline u32 letterWord(u32 value) {
  return (((value >> 12) & 0xf) | (value & 0xf00) | ((value & 0xf0) << 12) | ((value & 0xf) << 24)) + 0x61616161;
}
inline void writeKey(u32 *key, u32 index) {
  memcpy(key, "user0000", 8);
  key[2] = letterWord(index >> 16);
  key[3] = letterWord(index & 0xffff);
}
inline u32 rotate(u32 value, int bits) { return (value << bits) | (value >> (32 - bits)); }
inline u32 hashKey(const u32 *key, u32 keyBytes) {
  u32 hash = keyBytes ^ 0x5bd1e995;
  for (u32 word = 0; word < (keyBytes + 3) / 4; word++)
    hash = rotate(hash ^ rotate(key[word] * 0xcc9e2d51, 15) * 0x1b873593, 13) * 5 + 0xe6546b64;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}
inline u32 valueChecksum(u32 keyHash, u32 version) {
  u32 state = (keyHash ^ version * 0x9e3779b1) * 0x85ebca6b;
  return state ^ (state >> 15);
}
inline u32 shardOf(u32 hash, u32 shardCount) { return ((hash >> 16) * shardCount) >> 16; }

/** Of one port: what arrives when, since the beginning of its cycle. */
struct Arrival {
  i64 offsetNs;
  u32 key, operation, hash;
};
struct Trace {
  std::vector<std::vector<Arrival>> ports;
  i64 cycleNs;
};

/** splitmix64 (Steele, Lea, Flood 2014). */
struct Random {
  u64 state;
  double unit() {
    u64 z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return double((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
};

/** YCSB's scrambled zipfian: harness/workload/scrambled-zipfian.ts. */
inline u32 scrambledZipfian(double unit) {
  constexpr double ITEMS = 1e10, ZETA = 26.46902820178302, THETA = 0.99;
  static const double zeta2 = 1 + pow(0.5, THETA), eta = (1 - pow(2 / ITEMS, 1 - THETA)) / (1 - zeta2 / ZETA);
  double scaled = unit * ZETA;
  u64 rank = scaled < 1 ? 0 : scaled < zeta2 ? 1 : u64(ITEMS * pow(eta * unit - eta + 1, 1 / (1 - THETA)));
  u64 hash = 0xcbf29ce484222325;
  for (int byte = 0; byte < 8; byte++, rank >>= 8) hash = (hash ^ (rank & 0xff)) * 0x100000001b3;
  return u32(u64(std::abs(i64(hash))) % KEYS);
}

/** Poisson arrivals over all ports, each request at any of them; scaled so that the cycle has the rate exactly. */
inline Trace drawTrace(double perSecond, u64 seed, size_t portCount) {
  Trace trace{std::vector<std::vector<Arrival>>(portCount), 0};
  std::vector<double> instants(portCount * CYCLE);
  Random random{seed};
  double instant = 0;
  for (u32 i = 0; i < CYCLE; i++) {
    instant -= log(1 - random.unit());
    size_t port = size_t(random.unit() * double(portCount));
    u32 operation = random.unit() < 0.5 ? READ : UPDATE, index = scrambledZipfian(random.unit()), key[KEY_WORDS];
    writeKey(key, index);
    instants[port * CYCLE + trace.ports[port].size()] = instant;
    trace.ports[port].push_back({0, index, operation, hashKey(key, KEY_BYTES)});
  }
  if (perSecond == 0) return trace;
  trace.cycleNs = i64(CYCLE / perSecond * NS_PER_SECOND);
  for (size_t port = 0; port < portCount; port++)
    for (size_t i = 0; i < trace.ports[port].size(); i++)
      trace.ports[port][i].offsetNs = i64(instants[port * CYCLE + i] / instant * double(trace.cycleNs));
  return trace;
}

/** HdrHistogram's buckets of three digits: harness/measure/buckets.ts. */
struct Histogram {
  std::vector<u32> counts = std::vector<u32>(27 * 1'024);
  void record(i64 ns) {
    u64 value = u64(std::clamp<i64>(ns, 0, 60 * NS_PER_SECOND));
    int shift = value < 2'048 ? 0 : 53 - __builtin_clzll(value);
    counts[(size_t(shift) << 10) + (value >> shift)]++;
  }
  static i64 valueOf(size_t bucket) {
    if (bucket < 2'048) return i64(bucket);
    int shift = int(bucket >> 10) - 1;
    return (i64(bucket - (size_t(shift) << 10)) << shift) + (i64(1) << (shift - 1));
  }
};

/** A request on its way: harness/shared-memory/request-slab-layout.ts, with harness/ports/replay/frame-codec.ts. */
struct alignas(128) Slot {
  u32 port, operation, keyBytes, valueBytes, hash, status, version, checksum, replyBytes, padding;
  struct {
    u32 length, id, operationOrStatus, sizes, serviceOrVersion, keysOrChecksum;
  } frame;
  u32 key[KEY_WORDS], payload[PAYLOAD_WORDS];
};

struct alignas(64) Record {
  u32 next, sizes, version, checksum, key[KEY_WORDS], payload[PAYLOAD_WORDS];
};

/** One shard's records, chained by bucket: harness/shared-memory/hash-table.ts. Index 0 is none. */
struct Table {
  static constexpr u32 HEAD = 8;
  std::vector<u32> buckets;
  std::vector<Record> records;
  u32 mask;
  Table(u32 shard, u32 shardCount) {
    records.resize(1);
    u32 key[KEY_WORDS];
    for (u32 index = 0; index < KEYS; index++) {
      writeKey(key, index);
      if (shardOf(hashKey(key, KEY_BYTES), shardCount) != shard) continue;
      Record &record = records.emplace_back();
      memcpy(record.key, key, KEY_BYTES);
    }
    mask = 1;
    while (mask < 2 * records.size()) mask <<= 1;
    buckets.resize(mask--);
    reset();
  }
  /** All values as they were before the first request. */
  void reset() {
    std::fill(buckets.begin(), buckets.end(), 0);
    for (u32 index = 1; index < records.size(); index++) {
      Record &record = records[index];
      u32 hash = hashKey(record.key, KEY_BYTES), &bucket = buckets[hash & mask];
      record.next = bucket;
      bucket = index;
      record.sizes = KEY_BYTES << 16 | (PAYLOAD_BYTES + HEAD);
      record.version = 0;
      record.checksum = valueChecksum(hash, 0);
      memset(record.payload, 0, sizeof record.payload);
    }
  }
  u64 versions() const {
    u64 sum = 0;
    for (const Record &record : records) sum += record.version;
    return sum;
  }
  void fetchBucket(const Slot &slot) const { __builtin_prefetch(&buckets[slot.hash & mask]); }
  void fetchRecord(const Slot &slot) const {
    const char *record = reinterpret_cast<const char *>(&records[buckets[slot.hash & mask]]);
    __builtin_prefetch(record);
    __builtin_prefetch(record + 64);
  }
  Record *find(const Slot &slot) {
    for (u32 index = buckets[slot.hash & mask]; index != 0; index = records[index].next) {
      Record &record = records[index];
      if (record.sizes >> 16 == slot.keyBytes && memcmp(record.key, slot.key, KEY_BYTES) == 0) return &record;
    }
    return nullptr;
  }
  /** harness/workload/read-or-update.ts */
  void apply(Slot &slot) {
    Record *record = find(slot);
    if (record == nullptr) return void(slot.status = STATUS_NOT_FOUND);
    slot.version = record->version;
    slot.checksum = record->checksum;
    slot.status = record->checksum == valueChecksum(slot.hash, record->version) ? STATUS_OK : STATUS_CORRUPT;
    if (slot.status == STATUS_CORRUPT) return;
    if (slot.operation == READ) {
      memcpy(slot.payload, record->payload, sizeof slot.payload);
      slot.replyBytes = (record->sizes & 0xffff) - HEAD;
      return;
    }
    memcpy(record->payload, slot.payload, sizeof slot.payload);
    record->sizes = KEY_BYTES << 16 | (slot.valueBytes + HEAD);
    slot.version = ++record->version;
    slot.checksum = record->checksum = valueChecksum(slot.hash, record->version);
  }
};

inline void decode(Slot &slot) {
  u32 operation = slot.frame.operationOrStatus, keyBytes = slot.frame.sizes >> 16, bytes = slot.frame.sizes & 0xffff;
  bool sound = (operation == READ || operation == UPDATE) && slot.frame.keysOrChecksum == 0 && keyBytes == KEY_BYTES &&
               bytes <= PAYLOAD_BYTES && slot.frame.length == HEAD_BYTES + keyBytes + bytes;
  slot.operation = sound ? operation : 0;
  slot.keyBytes = sound ? keyBytes : 0;
  slot.valueBytes = sound ? bytes : 0;
  slot.status = STATUS_BAD_REQUEST;
  slot.replyBytes = 0;
  slot.hash = hashKey(slot.key, slot.keyBytes);
}

inline void encode(Slot &slot) {
  slot.frame = {HEAD_BYTES + slot.keyBytes + slot.replyBytes, slot.frame.id,    slot.status,
                slot.keyBytes << 16 | slot.replyBytes,        slot.version, slot.checksum};
}

/** Writes requests' frames, the bytes that a network card would have put there: harness/ports/replay/frame-writer.ts. */
struct FrameWriter {
  std::vector<u32> payloads = std::vector<u32>(2 * PAYLOAD_OFFSETS + PAYLOAD_WORDS);
  FrameWriter() {
    for (u32 word = 0; word < payloads.size(); word++) payloads[word] = (word + 1) * PAYLOAD_STEP;
  }
  void write(Slot &slot, u32 id, const Arrival &arrival) const {
    u32 bytes = arrival.operation == UPDATE ? PAYLOAD_BYTES : 0;
    slot.frame = {HEAD_BYTES + KEY_BYTES + bytes, id, arrival.operation, KEY_BYTES << 16 | bytes, 0, 0};
    writeKey(slot.key, arrival.key);
    if (bytes != 0) memcpy(slot.payload, &payloads[2 * (id % PAYLOAD_OFFSETS)], sizeof slot.payload);
  }
};

/** Whether a reply answers the request: harness/ports/replay/answer-check.ts. */
inline bool isRight(const Slot &slot, u32 id, const Arrival &arrival) {
  constexpr u32 LAST = PAYLOAD_BYTES / 4 - 1;
  u32 key[KEY_WORDS], bytes = arrival.operation == READ ? PAYLOAD_BYTES : 0, version = slot.frame.serviceOrVersion;
  writeKey(key, arrival.key);
  if (slot.frame.id != id || slot.frame.operationOrStatus != STATUS_OK || memcmp(key, slot.key, KEY_BYTES) != 0 ||
      slot.frame.keysOrChecksum != valueChecksum(arrival.hash, version) ||
      slot.frame.sizes != (KEY_BYTES << 16 | bytes) || slot.frame.length != HEAD_BYTES + KEY_BYTES + bytes)
    return false;
  return bytes == 0 || version == 0 || slot.payload[LAST] - slot.payload[0] == LAST * PAYLOAD_STEP;
}
