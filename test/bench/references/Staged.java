// Reference for `staged` under `scenarios/kv-update.ts`: a classic staged server on a virtual machine with a just-in-time
// compiler. Network threads play the trace; decode, apply and encode each have threads and a bounded queue of their own;
// the records are shared, under 1,024 striped locks. Frames, records, checks and histogram are those of harness/
// (KvUpdate.java); traces are equal in kind, and sharded.cpp has the same. No object is made per request, one per park.
//
//   javac -d classes KvUpdate.java Staged.java
//   taskset -c 0,1 java -XX:+UseSerialGC -Xms512m -Xmx512m -cp classes Staged --cpus 0,1 --threads 1 --spin 0 \
//     --rate 100000 --seconds 2 --warmup 5 --seed 1 < /dev/null
//
// One network thread per processor of --cpus (the threads go where the scheduler puts them: taskset limits that);
// --threads of each stage; --spin microseconds before a thread parks; --batch: most requests that a thread takes at once.
// With --rate it plays that order first (0: a closed window). Then it takes orders from standard input, one a line, e.g.
// {"rate":100000,"seconds":1,"settle":0.2,"seed":7}, and answers each with a line; in between its threads are parked.
// A wrong answer ends it with status 1.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class Staged {
  static final int PERMITS = 2_048, PORT_BATCH = 64;
  static final long START_NS = 10_000_000L, LONGEST_DRAIN_NS = KvUpdate.NS_PER_SECOND / 2;

  /**
   * A blocking queue such as ArrayBlockingQueue, but a batch goes in under one lock, too, and who waits may spin first.
   * Everything is written under the lock; `count` is read without it, as a hint that is checked under it. A thread parks
   * only if the queue is empty under the lock, and whoever puts signals under it: no wake-up is lost. One batch wakes one
   * thread, which wakes the next if it leaves something. There is room for all that can be in flight.
   */
  static final class BatchQueue {
    final ReentrantLock lock = new ReentrantLock();
    final Condition notEmpty = lock.newCondition();
    final KvUpdate.Request[] places;
    int head, waiting;
    private long parks;
    volatile int count;

    BatchQueue(int capacity) {
      places = new KvUpdate.Request[Integer.highestOneBit(capacity - 1) << 1];
    }

    void put(KvUpdate.Request[] batch, int size) {
      lock.lock();
      int tail = head + count;
      for (int i = 0; i < size; i++) places[(tail + i) & (places.length - 1)] = batch[i];
      count += size;
      if (waiting > 0) notEmpty.signal();
      lock.unlock();
    }

    /** Takes up to a batch, and waits for one until an instant, or for ever when that is Long.MAX_VALUE. */
    int take(KvUpdate.Request[] batch, long spinNs, long untilNs) throws InterruptedException {
      if (count == 0 && spinNs > 0) {
        long nowNs = System.nanoTime(), endNs = Math.min(untilNs, nowNs + spinNs);
        for (; count == 0 && nowNs < endNs; nowNs = System.nanoTime()) Thread.onSpinWait();
        if (count == 0 && nowNs >= untilNs) return 0;
      }
      lock.lock();
      try {
        while (count == 0) {
          long leftNs = untilNs == Long.MAX_VALUE ? untilNs : untilNs - System.nanoTime();
          if (leftNs <= 0) return 0;
          waiting++;
          parks++;
          if (untilNs == Long.MAX_VALUE) notEmpty.await();
          else notEmpty.awaitNanos(leftNs);
          waiting--;
        }
        int size = Math.min(count, batch.length);
        for (int i = 0; i < size; i++) batch[i] = places[head++ & (places.length - 1)];
        count -= size;
        if (count > 0 && waiting > 0) notEmpty.signal();
        return size;
      } finally {
        lock.unlock();
      }
    }

    long parks() {
      lock.lock();
      try {
        return parks;
      } finally {
        lock.unlock();
      }
    }
  }

  /** What all threads are told of one trial. */
  record Trial(double perSecond, double cycleNs, long startNs, long steadyNs, long middleNs, long endNs) {
    boolean isClosed() {
      return perSecond == 0;
    }
  }

  /** Plays one port's part of the trace, sleeps until something is due or answered, and records the latencies. */
  final class Network {
    final int port;
    final KvUpdate.Trace trace = new KvUpdate.Trace();
    final BatchQueue replies = new BatchQueue(PERMITS);
    final KvUpdate.Request[] free = new KvUpdate.Request[PERMITS], batch = new KvUpdate.Request[Math.max(bound, PORT_BATCH)];
    int freeCount = PERMITS, next;
    Trial trial;
    double cycleStartNs;
    long nextDueNs;
    // Of the present trial.
    final int[] histogram = new int[KvUpdate.BUCKETS];
    final long[] repliesBy = new long[4];
    long due, dueFirstHalf, answered, updates, wrong, maxNs;

    Network(int port) {
      this.port = port;
      Arrays.setAll(free, slot -> new KvUpdate.Request(port));
    }

    void play(Trial order) throws InterruptedException {
      trial = order;
      Arrays.fill(histogram, 0);
      Arrays.fill(repliesBy, 0);
      due = dueFirstHalf = answered = updates = wrong = maxNs = next = 0;
      cycleStartNs = order.startNs;
      nextDueNs = (long) cycleStartNs + trace.offsetsNs[0];
      long lastNs = order.endNs + LONGEST_DRAIN_NS;
      for (boolean isIdle = false, isOver = false; !isOver || freeCount != PERMITS;) {
        int taken = 0;
        if (isIdle) taken = replies.take(batch, spinNs, wakeNs(isOver));
        else if (replies.count > 0) taken = replies.take(batch, 0, 0);
        long readNs = System.nanoTime();
        if (taken > 0) flush(taken, readNs);
        int received = isOver ? 0 : receive(readNs);
        if (received > 0) stages[0].put(batch, received);
        isOver = readNs > lastNs || (order.isClosed() ? readNs : nextDueNs) >= order.endNs;
        isIdle = taken + received == 0;
      }
      // What was due and never taken.
      if (!order.isClosed()) for (; nextDueNs < order.endNs; advance()) countDue(nextDueNs);
    }

    long wakeNs(boolean isOver) {
      if (isOver || freeCount == 0) return Long.MAX_VALUE;
      return trial.isClosed() ? trial.startNs : nextDueNs;
    }

    int receive(long readNs) {
      int count = 0;
      for (; count < PORT_BATCH && freeCount != 0; advance()) {
        long at = trial.isClosed() ? readNs : nextDueNs;
        if (at > readNs || readNs < trial.startNs || at >= trial.endNs) break;
        KvUpdate.Request request = free[--freeCount];
        request.dueNs = at;
        request.position = next;
        request.isInFlight = true;
        countDue(at);
        request.write(next + 1, trace.keys[next], trace.operations[next]);
        batch[count++] = request;
      }
      return count;
    }

    void advance() {
      if (++next == trace.count) {
        next = 0;
        cycleStartNs += trial.cycleNs;
      }
      nextDueNs = (long) cycleStartNs + trace.offsetsNs[next];
    }

    void countDue(long at) {
      if (at < trial.steadyNs || at >= trial.endNs) return;
      due++;
      if (at < trial.middleNs) dueFirstHalf++;
    }

    void flush(int count, long readNs) {
      for (int i = 0; i < count; i++) {
        KvUpdate.Request request = batch[i];
        int at = request.position, operation = trace.operations[at];
        if (!request.isInFlight || !request.isRight(at + 1, trace.keys[at], operation, trace.hashes[at])) wrong++;
        if (operation == KvUpdate.UPDATE) updates++;
        request.isInFlight = false;
        free[freeCount++] = request;
        if (request.dueNs < trial.steadyNs || request.dueNs >= trial.endNs) continue;
        answered++;
        histogram[KvUpdate.bucketOf(readNs - request.dueNs)]++;
        maxNs = Math.max(maxNs, readNs - request.dueNs);
      }
      int part = (readNs >= trial.steadyNs ? 1 : 0) + (readNs >= trial.middleNs ? 1 : 0) + (readNs > trial.endNs ? 1 : 0);
      repliesBy[part] += count;
    }
  }

  /** A thread of a stage: 0 decode, 1 apply, 2 encode. Encoded replies go to the network thread that they came from. */
  void serve(int stage) throws InterruptedException {
    KvUpdate.Request[] batch = new KvUpdate.Request[bound], own = new KvUpdate.Request[bound];
    for (;;) {
      int size = stages[stage].take(batch, spinNs, Long.MAX_VALUE);
      if (stage == 0) for (int i = 0; i < size; i++) batch[i].decode();
      else if (stage == 1) for (int i = 0; i < size; i++) table.apply(batch[i]);
      else for (int i = 0; i < size; i++) batch[i].encode();
      if (stage < 2) stages[stage + 1].put(batch, size);
      else for (Network network : networks) {
        int count = 0;
        for (int i = 0; i < size; i++) if (batch[i].port == network.port) own[count++] = batch[i];
        if (count > 0) network.replies.put(own, count);
      }
    }
  }

  final KvUpdate.Table table = new KvUpdate.Table();
  final int bound;
  final long spinNs;
  final BatchQueue[] stages = new BatchQueue[3];
  final Network[] networks;
  final List<BlockingQueue<Trial>> orders = new ArrayList<>();
  final BlockingQueue<Network> played = new LinkedBlockingQueue<>();

  Staged(int ports, int threads, long spinNs, int bound) {
    this.bound = bound;
    this.spinNs = spinNs;
    networks = new Network[ports];
    Arrays.setAll(networks, Network::new);
    Arrays.setAll(stages, stage -> new BatchQueue(ports * PERMITS));
    for (Network network : networks) {
      BlockingQueue<Trial> mine = new LinkedBlockingQueue<>();
      orders.add(mine);
      start("network-" + network.port, () -> {
        for (;;) {
          network.play(mine.take());
          played.add(network);
        }
      });
    }
    for (int i = 0; i < 3 * threads; i++) {
      int stage = i % 3;
      start(List.of("decode", "apply", "encode").get(stage) + "-" + i / 3, () -> {
        serve(stage);
        return null;
      });
    }
  }

  static void start(String name, Callable<Void> work) {
    Thread thread = new Thread(() -> {
      try {
        // Timers exact to a nanosecond instead of 50 µs, as crossover's servers have them.
        Path id = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        Files.writeString(Path.of("/proc", id.toString(), "timerslack_ns"), "1");
        work.call();
      } catch (Throwable error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(2);
      }
    }, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Plays one trial and answers with its line of JSON. */
  String play(double perSecond, double seconds, double settle, long seed) throws InterruptedException {
    double cycleNs = perSecond == 0 ? 0 : KvUpdate.CYCLE / perSecond * KvUpdate.NS_PER_SECOND;
    KvUpdate.Trace[] traces = Arrays.stream(networks).map(network -> network.trace).toArray(KvUpdate.Trace[]::new);
    KvUpdate.drawTrace(traces, cycleNs, seed);
    table.reset();
    long before = parks(), startNs = System.nanoTime() + START_NS;
    long steadyNs = startNs + (long) (settle * KvUpdate.NS_PER_SECOND);
    long middleNs = steadyNs + (long) (seconds / 2 * KvUpdate.NS_PER_SECOND);
    long endNs = steadyNs + (long) (seconds * KvUpdate.NS_PER_SECOND);
    Trial trial = new Trial(perSecond, cycleNs, startNs, steadyNs, middleNs, endNs);
    for (BlockingQueue<Trial> order : orders) order.add(trial);
    for (int i = 0; i < networks.length; i++) played.take();
    return summary(trial, seconds, parks() - before);
  }

  /** How often threads parked, the waits for orders not counted. */
  long parks() {
    long sum = 0;
    for (BatchQueue queue : stages) sum += queue.parks();
    for (Network network : networks) sum += network.replies.parks();
    return sum;
  }

  String summary(Trial trial, double seconds, long parks) {
    long[] counts = new long[KvUpdate.BUCKETS];
    long due = 0, dueFirstHalf = 0, answered = 0, first = 0, second = 0, updates = 0, wrong = 0, maxNs = 0;
    for (Network network : networks) {
      for (int bucket = 0; bucket < counts.length; bucket++) counts[bucket] += network.histogram[bucket];
      due += network.due;
      dueFirstHalf += network.dueFirstHalf;
      answered += network.answered;
      first += network.repliesBy[1];
      second += network.repliesBy[2];
      updates += network.updates;
      wrong += network.wrong;
      maxNs = Math.max(maxNs, network.maxNs);
    }
    // Every update counts its record's version up: none got lost.
    if (table.versions() != updates) wrong++;
    StringBuilder text = new StringBuilder(String.format(
        "{\"offeredPerSecond\":%d,\"due\":%d,\"dueFirstHalf\":%d,\"answered\":%d,\"answeredFirstHalf\":%d,"
            + "\"answeredSecondHalf\":%d,\"achievedPerSecond\":%d",
        (long) trial.perSecond, due, dueFirstHalf, answered, first, second, (long) ((first + second) / seconds)));
    // Over every request due: one that was never answered is later than all that were.
    double[] fractions = {0.5, 0.9, 0.99, 0.999};
    List<String> names = List.of("p50Ns", "p90Ns", "p99Ns", "p999Ns");
    for (int i = 0; i < fractions.length; i++) {
      long rank = (long) Math.ceil(fractions[i] * due), seen = 0;
      int bucket = 0;
      while (rank <= answered && answered > 0 && (seen += counts[bucket]) < rank) bucket++;
      boolean isKnown = rank <= answered && answered > 0;
      text.append(String.format(",\"%s\":%s", names.get(i), isKnown ? Math.min(KvUpdate.valueOf(bucket), maxNs) : null));
    }
    return text + String.format(",\"maxNs\":%d,\"wrong\":%d,\"parks\":%d}", maxNs, wrong, parks);
  }

  static void tell(String line) {
    System.out.println(line);
    System.out.flush();
    if (!line.contains("\"wrong\":0,")) Runtime.getRuntime().halt(1);
  }

  /** A number of an order, a line of JSON without nesting. */
  static double numberOf(String order, String name, double otherwise) {
    Matcher found = Pattern.compile('"' + name + "\":([-+.\\deE]+)").matcher(order);
    return found.find() ? Double.parseDouble(found.group(1)) : otherwise;
  }

  public static void main(String[] values) throws Exception {
    Map<String, String> options = new HashMap<>(Map.of("--rate", "-1", "--seconds", "1", "--warmup", "0", "--seed", "1",
        "--cpus", "0,1", "--threads", "1", "--spin", "0", "--batch", "256"));
    for (int i = 0; i + 1 < values.length; i += 2)
      if (options.put(values[i], values[i + 1]) == null) throw new IllegalArgumentException("unknown option: " + values[i]);
    double rate = Double.parseDouble(options.get("--rate")), warmUp = Double.parseDouble(options.get("--warmup"));
    long spinNs = 1_000 * Long.parseLong(options.get("--spin"));
    Staged server = new Staged(options.get("--cpus").split(",").length, Integer.parseInt(options.get("--threads")), spinNs,
        Integer.parseInt(options.get("--batch")));
    // Its first half over a closed window.
    if (warmUp > 0) {
      server.play(0, warmUp / 2, 0, 0);
      server.play(Math.max(rate, 0), warmUp / 2, 0, 0);
    }
    if (rate >= 0)
      tell(server.play(rate, Double.parseDouble(options.get("--seconds")), 0.1, Long.parseLong(options.get("--seed"))));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String order = lines.readLine(); order != null; order = lines.readLine())
      tell(server.play(numberOf(order, "rate", 0), numberOf(order, "seconds", 1), numberOf(order, "settle", 0.1),
          (long) numberOf(order, "seed", 1)));
  }
}
