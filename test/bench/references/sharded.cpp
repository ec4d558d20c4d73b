// Reference for `sharded` under `scenarios/kv-update.ts`: polling, pinned reactors without a virtual machine, one per
// processor, each with its own shard of the records, its own port, and a pair of rings to every other. Frames, records,
// hashes, keys, checks and histogram are those of harness/; traces are equal in kind, and the same ones as Staged.java's.
//
//   g++ -O3 -std=c++20 -pthread sharded.cpp -o sharded
//   ./sharded --cpus 0,1 --rate 250000 --seconds 2 --warmup 1 --seed 1 < /dev/null
//
// With --rate it plays that order first (0: a closed window). Then it takes orders from standard input, one a line, e.g.
// {"rate":250000,"seconds":1,"settle":0.2,"seed":7}, and answers each with a line; in between its threads are parked.
// A wrong answer ends it with status 1.
#include "kv-update.hpp"
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <sched.h>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

constexpr u32 PERMITS = 2'048, RING_CAPACITY = 128, RING_BATCH = 16, PORT_BATCH = 64, MOST_BLOCKED = 128, FREE = ~0u;
constexpr i64 START_NS = 10'000'000, LONGEST_DRAIN_NS = NS_PER_SECOND / 2;

/*
 * Protocol. One thread pushes, one pops. The producer writes places plainly and makes them visible by a release store of
 * the tail, which the consumer acquires before it reads them; the consumer makes places free by a release store of the
 * head, which the producer acquires before it writes them again. So a place is written before its position is seen, and
 * read before it is seen as free. What a place points at belongs to whoever popped it, by the same two orders. Each side
 * keeps its own position and the other's last seen one, and stores its own once per batch.
 */
class SpscRing {
  alignas(128) std::atomic<u32> head{0}; // stored by the consumer
  alignas(128) std::atomic<u32> tail{0}; // stored by the producer
  alignas(128) u32 pushed = 0, seenHead = 0; // the producer's
  alignas(128) u32 popped = 0;               // the consumer's
  alignas(128) Slot *places[RING_CAPACITY];

public:
  bool tryPush(Slot *slot) {
    if (pushed - seenHead == RING_CAPACITY) {
      seenHead = head.load(std::memory_order_acquire);
      if (pushed - seenHead == RING_CAPACITY) return false;
    }
    places[pushed++ % RING_CAPACITY] = slot;
    return true;
  }
  void publish() {
    if (tail.load(std::memory_order_relaxed) != pushed) tail.store(pushed, std::memory_order_release);
  }
  u32 popBatch(Slot **into) {
    u32 count = std::min(tail.load(std::memory_order_acquire) - popped, RING_BATCH);
    if (count == 0) return 0;
    for (u32 i = 0; i < count; i++) into[i] = places[popped++ % RING_CAPACITY];
    head.store(popped, std::memory_order_release);
    return count;
  }
};

/** What all reactors are told of one trial; they only read it. */
struct Trial {
  double perSecond;
  Trace trace;
  i64 startNs, steadyNs, middleNs, endNs;
};

struct alignas(128) Reactor {
  /** Rings to and from one other reactor. At most RING_CAPACITY requests are on their way, so replies always find room. */
  struct Peer {
    Reactor *other = nullptr;
    std::unique_ptr<SpscRing> requests = std::make_unique<SpscRing>(), replies = std::make_unique<SpscRing>();
    u32 onTheirWay = 0;
  };
  u32 shard, shardCount;
  Table table;
  std::vector<Peer> peers; // by shard; the rings carry this reactor's requests there and their replies back
  std::vector<Slot> slots{PERMITS};
  std::vector<Slot *> free, replied, blocked;
  std::vector<i64> dueNs = std::vector<i64>(PERMITS);
  std::vector<u32> position = std::vector<u32>(PERMITS, FREE);
  FrameWriter writer;
  const Trial *trial = nullptr;
  const std::vector<Arrival> *arrivals = nullptr;
  i64 readNs = 0, cycleStartNs = 0, nextDueNs = 0;
  u32 next = 0;
  // Of the present trial.
  Histogram histogram;
  u64 due = 0, dueFirstHalf = 0, answered = 0, repliesBy[4] = {}, updates = 0, wrong = 0;
  i64 maxNs = 0;

  Reactor(u32 shard, u32 shardCount) : shard(shard), shardCount(shardCount), table(shard, shardCount), peers(shardCount) {
    for (Slot &slot : slots) free.push_back(&slot);
    replied.reserve(PERMITS);
    blocked.reserve(PERMITS);
  }

  /** Plays this reactor's part of a trial and serves the others' requests until all are done. */
  void play(const Trial &order, std::atomic<u32> &busy) {
    trial = &order;
    arrivals = &order.trace.ports[shard];
    std::fill(histogram.counts.begin(), histogram.counts.end(), 0);
    due = dueFirstHalf = answered = updates = wrong = maxNs = next = 0;
    std::fill_n(repliesBy, 4, 0);
    table.reset();
    cycleStartNs = order.startNs;
    readNs = nowNs();
    nextDueNs = cycleStartNs + (*arrivals)[0].offsetNs;
    for (bool done = false; busy.load(std::memory_order_acquire) != 0;) {
      if (turn()) {
        for (Peer &peer : peers) peer.requests->publish();
        for (Peer &peer : peers)
          if (peer.other != nullptr) peer.other->peers[shard].replies->publish();
      }
      if (replied.empty()) readNs = nowNs();
      else flush();
      bool isOver = order.perSecond == 0 ? readNs >= order.endNs : nextDueNs >= order.endNs;
      if (!done && free.size() == PERMITS && (isOver || readNs > order.endNs + LONGEST_DRAIN_NS)) {
        done = true;
        busy.fetch_sub(1, std::memory_order_release);
      }
    }
    // What was due and never taken.
    if (order.perSecond != 0)
      for (; nextDueNs < order.endNs; advance()) countDue(nextDueNs);
  }

  // Measured path from here to the end of the class.
  bool turn() {
    Slot *batch[PORT_BATCH];
    bool worked = false;
    for (Peer &peer : peers) {
      if (peer.other == nullptr) continue;
      u32 count = peer.replies->popBatch(batch);
      fetch(batch, count);
      for (u32 i = 0; i < count; i++) finish(batch[i]);
      peer.onTheirWay -= count;
      Peer &theirs = peer.other->peers[shard];
      u32 served = theirs.requests->popBatch(batch);
      fetch(batch, served);
      apply(batch, served);
      for (u32 i = 0; i < served; i++) theirs.replies->tryPush(batch[i]);
      worked |= count + served != 0;
    }
    return servePort(batch) || worked;
  }

  /** Slots come from another processor's cache: the misses of a batch overlap. */
  static void fetch(Slot **batch, u32 count) {
    for (u32 i = 0; i < count; i++)
      for (u32 line = 0; line < sizeof(Slot); line += 64) __builtin_prefetch((char *)batch[i] + line, 1);
  }

  void apply(Slot **batch, u32 count) {
    for (u32 i = 0; i < count; i++) table.fetchBucket(*batch[i]);
    for (u32 i = 0; i < count; i++) table.fetchRecord(*batch[i]);
    for (u32 i = 0; i < count; i++) table.apply(*batch[i]);
  }

  void finish(Slot *slot) {
    encode(*slot);
    replied.push_back(slot);
  }

  bool servePort(Slot **batch) {
    size_t waiting = blocked.size(), kept = 0;
    for (size_t i = 0; i < waiting; i++)
      if (!trySend(blocked[i])) blocked[kept++] = blocked[i];
    blocked.resize(kept);
    bool sent = kept != waiting;
    // Requests of a full ring wait apart, so that others go on; but not without bound.
    if (kept > MOST_BLOCKED) return sent;
    u32 count = receive(batch), own = 0;
    for (u32 i = 0; i < count; i++) {
      Slot *slot = batch[i];
      decode(*slot);
      if (shardOf(slot->hash, shardCount) == shard) batch[own++] = slot;
      else if (!trySend(slot)) blocked.push_back(slot);
    }
    apply(batch, own);
    for (u32 i = 0; i < own; i++) finish(batch[i]);
    return sent || count != 0;
  }

  bool trySend(Slot *slot) {
    Peer &peer = peers[shardOf(slot->hash, shardCount)];
    if (peer.onTheirWay == RING_CAPACITY || !peer.requests->tryPush(slot)) return false;
    peer.onTheirWay++;
    return true;
  }

  u32 receive(Slot **batch) {
    bool closed = trial->perSecond == 0;
    u32 count = 0;
    for (; count < PORT_BATCH && !free.empty(); advance()) {
      i64 at = closed ? readNs : nextDueNs;
      if (at > readNs || readNs < trial->startNs || at >= trial->endNs || readNs > trial->endNs + LONGEST_DRAIN_NS) break;
      Slot *slot = free.back();
      free.pop_back();
      size_t local = size_t(slot - slots.data());
      dueNs[local] = at;
      position[local] = next;
      countDue(at);
      slot->port = shard;
      writer.write(*slot, next + 1, (*arrivals)[next]);
      batch[count++] = slot;
    }
    return count;
  }

  void advance() {
    if (++next == arrivals->size()) {
      next = 0;
      cycleStartNs += trial->trace.cycleNs;
    }
    nextDueNs = cycleStartNs + (*arrivals)[next].offsetNs;
  }

  void countDue(i64 at) {
    due += at >= trial->steadyNs && at < trial->endNs;
    dueFirstHalf += at >= trial->steadyNs && at < trial->middleNs;
  }

  void flush() {
    readNs = nowNs();
    for (Slot *slot : replied) {
      size_t local = size_t(slot - slots.data());
      if (position[local] == FREE || !isRight(*slot, position[local] + 1, (*arrivals)[position[local]])) wrong++;
      updates += slot->operation == UPDATE;
      position[local] = FREE;
      free.push_back(slot);
      i64 at = dueNs[local];
      if (at < trial->steadyNs || at >= trial->endNs) continue;
      answered++;
      histogram.record(readNs - at);
      maxNs = std::max(maxNs, readNs - at);
    }
    repliesBy[(readNs >= trial->steadyNs) + (readNs >= trial->middleNs) + (readNs > trial->endNs)] += replied.size();
    replied.clear();
  }
};

/** The reactors' threads, parked between trials. */
class Server {
  std::vector<std::unique_ptr<Reactor>> reactors;
  std::mutex mutex;
  std::condition_variable changed;
  Trial trial;
  std::atomic<u32> busy{0};
  u32 number = 0, playing = 0;

  void serve(u32 shard, int cpu) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) perror("cannot pin to processor"), exit(2);
    std::unique_lock lock(mutex);
    for (u32 played = 0;; played = number) {
      changed.wait(lock, [&] { return number != played; });
      lock.unlock();
      reactors[shard]->play(trial, busy);
      lock.lock();
      if (--playing == 0) changed.notify_all();
    }
  }

public:
  explicit Server(const std::vector<int> &cpus) {
    u32 count = u32(cpus.size());
    for (u32 shard = 0; shard < count; shard++) reactors.push_back(std::make_unique<Reactor>(shard, count));
    for (u32 shard = 0; shard < count; shard++)
      for (u32 other = 0; other < count; other++)
        if (other != shard) reactors[shard]->peers[other].other = reactors[other].get();
    for (u32 shard = 0; shard < count; shard++) std::thread(&Server::serve, this, shard, cpus[shard]).detach();
  }

  /** Plays one trial and answers with its line of JSON. Ends the process when an answer was wrong. */
  std::string play(double perSecond, double seconds, double settle, u64 seed) {
    std::unique_lock lock(mutex);
    trial.perSecond = perSecond;
    trial.trace = drawTrace(perSecond, seed, reactors.size());
    trial.startNs = nowNs() + START_NS;
    trial.steadyNs = trial.startNs + i64(settle * NS_PER_SECOND);
    trial.middleNs = trial.steadyNs + i64(seconds / 2 * NS_PER_SECOND);
    trial.endNs = trial.steadyNs + i64(seconds * NS_PER_SECOND);
    busy = playing = u32(reactors.size());
    number++;
    changed.notify_all();
    changed.wait(lock, [&] { return playing == 0; });
    return summary(seconds);
  }

private:
  std::string summary(double seconds) const {
    Histogram all;
    u64 due = 0, dueFirstHalf = 0, answered = 0, first = 0, second = 0, versions = 0, updates = 0, wrong = 0;
    i64 maxNs = 0;
    for (const auto &reactor : reactors) {
      for (size_t bucket = 0; bucket < all.counts.size(); bucket++) all.counts[bucket] += reactor->histogram.counts[bucket];
      due += reactor->due, dueFirstHalf += reactor->dueFirstHalf, answered += reactor->answered;
      first += reactor->repliesBy[1], second += reactor->repliesBy[2];
      versions += reactor->table.versions(), updates += reactor->updates, wrong += reactor->wrong;
      maxNs = std::max(maxNs, reactor->maxNs);
    }
    // Every update counts its record's version up: none got lost.
    wrong += versions != updates;
    // Over every request due: one that was never answered is later than all that were.
    auto percentile = [&](double fraction) -> std::string {
      u64 rank = u64(std::ceil(fraction * double(due))), seen = 0;
      if (rank > answered || answered == 0) return "null";
      size_t bucket = 0;
      while ((seen += all.counts[bucket]) < rank) bucket++;
      return std::to_string(std::min(Histogram::valueOf(bucket), maxNs));
    };
    auto count = [](u64 value) { return std::to_string(value); };
    return "{\"offeredPerSecond\":" + count(u64(trial.perSecond)) + ",\"due\":" + count(due) +
           ",\"dueFirstHalf\":" + count(dueFirstHalf) + ",\"answered\":" + count(answered) +
           ",\"answeredFirstHalf\":" + count(first) + ",\"answeredSecondHalf\":" + count(second) +
           ",\"achievedPerSecond\":" + count(u64(double(first + second) / seconds)) + ",\"p50Ns\":" + percentile(0.5) +
           ",\"p90Ns\":" + percentile(0.9) + ",\"p99Ns\":" + percentile(0.99) + ",\"p999Ns\":" + percentile(0.999) +
           ",\"maxNs\":" + count(u64(maxNs)) + ",\"wrong\":" + count(wrong) + ",\"parks\":0}";
  }
};

/** A number of an order, a line of JSON without nesting. */
static double numberOf(const std::string &order, const std::string &name, double otherwise) {
  size_t at = order.find('"' + name + "\":");
  return at == std::string::npos ? otherwise : strtod(order.c_str() + at + name.size() + 3, nullptr);
}

int main(int count, char **values) {
  double rate = -1, seconds = 1, warmUp = 0, seed = 1;
  std::vector<int> cpus{0, 1};
  for (int i = 1; i + 1 < count; i += 2) {
    std::string name = values[i], value = values[i + 1];
    if (name == "--rate") rate = stod(value);
    else if (name == "--seconds") seconds = stod(value);
    else if (name == "--warmup") warmUp = stod(value);
    else if (name == "--seed") seed = stod(value);
    else if (name == "--cpus") {
      cpus.clear();
      std::istringstream list(value);
      for (std::string cpu; std::getline(list, cpu, ',');) cpus.push_back(stoi(cpu));
    } else return fprintf(stderr, "unknown option: %s\n", values[i]), 2;
  }
  static Server server(cpus);
  auto tell = [](const std::string &line) {
    puts(line.c_str());
    fflush(stdout);
    if (line.find("\"wrong\":0,") == std::string::npos) _exit(1);
  };
  // Its first half over a closed window.
  if (warmUp > 0) {
    server.play(0, warmUp / 2, 0, 0);
    server.play(std::max(rate, 0.0), warmUp / 2, 0, 0);
  }
  if (rate >= 0) tell(server.play(rate, seconds, 0.1, u64(seed)));
  for (std::string order; std::getline(std::cin, order);)
    tell(server.play(numberOf(order, "rate", 0), numberOf(order, "seconds", 1), numberOf(order, "settle", 0.1),
                     u64(numberOf(order, "seed", 1))));
  // Its threads are parked for good.
  _exit(0);
}
