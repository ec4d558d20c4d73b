// What the building blocks of `crossover calibrate` cost without a virtual machine of JavaScript: its column
// "in principle" (harness/experiment/calibration/rows.ts). Needs Linux on x86-64, a C++20 compiler, two processors:
//
//   g++ -O2 -std=c++20 -pthread test/bench/in-principle.cpp -o in-principle && ./in-principle
#include <algorithm>
#include <atomic>
#include <coroutine>
#include <cstdio>
#include <ctime>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

static double nowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void pin(int cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  sched_setaffinity(0, sizeof cpus, &cpus);
}

static double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/** Nanoseconds of one of `count` operations: the median of 31 rounds. */
template <class Run> static double cost(int count, Run run) {
  std::vector<double> rounds;
  for (int round = 0; round < 31; round++) {
    double startNs = nowNs();
    for (int i = 0; i < count; i++) run(i);
    rounds.push_back((nowNs() - startNs) / count);
  }
  return median(rounds);
}

struct alignas(128) Word {
  std::atomic<int> value{0};
};
static Word there, back;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile long kept;
static int followerCpu;
constexpr int TRIPS = 64 * 512, ACQUISITIONS = 2'000'000;

static void wait(std::atomic<int> *word, int value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0); }
static void wake(std::atomic<int> *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0); }
static void await(Word &word, int value, bool parks) {
  for (int seen; (seen = word.value.load()) != value;) {
    if (parks) wait(&word.value, seen);
    else __builtin_ia32_pause();
  }
}

template <bool parks> static void *follow(void *) {
  pin(followerCpu);
  for (int trip = 1; trip <= TRIPS; trip++) {
    await(there, trip, parks);
    back.value.store(trip);
    if (parks) wake(&back.value);
  }
  return nullptr;
}

/** The median round trip, taken over 64 at a time where they are short. */
template <bool parks> static double roundTripNs(int cpu) {
  followerCpu = cpu;
  there.value = back.value = 0;
  pthread_t thread;
  pthread_create(&thread, nullptr, follow<parks>, nullptr);
  usleep(20'000);
  std::vector<double> trips;
  int batch = parks ? 1 : 64;
  for (int trip = 1; trip <= TRIPS;) {
    double startNs = nowNs();
    for (int i = 0; i < batch; i++, trip++) {
      there.value.store(trip);
      if (parks) wake(&there.value);
      await(back, trip, parks);
    }
    trips.push_back((nowNs() - startNs) / batch);
  }
  pthread_join(thread, nullptr);
  return median(trips);
}

static void *contend(void *) {
  pin(followerCpu);
  for (int i = 0; i < ACQUISITIONS; i++) {
    pthread_mutex_lock(&mutex);
    kept = kept + 1;
    pthread_mutex_unlock(&mutex);
  }
  return nullptr;
}

static void *sleepForever(void *) {
  pause();
  return nullptr;
}

struct Coroutine {
  struct promise_type {
    Coroutine get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};
[[gnu::noinline]] static Coroutine count() {
  for (;;) {
    kept = kept + 1;
    co_await std::suspend_always{};
  }
}

[[gnu::noinline]] static long increment(long value) { return value + 1; }
[[gnu::noinline]] static long flip(long value) { return value ^ 3; }

int main() {
  pin(0);
  // With one thread alone the C library leaves out the atomic instructions of a mutex.
  pthread_t other;
  pthread_create(&other, nullptr, sleepForever, nullptr);

  printf("clock reading                  %8.1f ns\n", cost(10'000, [](int) { kept = (long)nowNs(); }));
  printf("mutex, uncontended             %8.1f ns\n", cost(10'000, [](int) {
           pthread_mutex_lock(&mutex);
           kept = kept + 1;
           pthread_mutex_unlock(&mutex);
         }));
  static std::atomic<int> head{0}, tail{0};
  static int values[1024];
  printf("ring push + publish + pop      %8.2f ns\n", cost(100'000, [](int i) {
           int end = tail.load(std::memory_order_relaxed), begin = head.load(std::memory_order_relaxed);
           values[end & 1023] = i;
           tail.store(end + 1, std::memory_order_release);
           kept = values[begin & 1023];
           head.store(begin + 1, std::memory_order_release);
         }));
  static int first = 0, last = 0;
  printf("queue push + pop               %8.1f ns\n", cost(100'000, [](int i) {
           pthread_mutex_lock(&mutex);
           values[last++ & 1023] = i;
           pthread_mutex_unlock(&mutex);
           pthread_mutex_lock(&mutex);
           kept = values[first++ & 1023];
           pthread_mutex_unlock(&mutex);
         }));
  static long (*volatile callbacks[2])(long) = {increment, flip};
  printf("callback switch                %8.2f ns\n", cost(100'000, [](int i) { kept = callbacks[i & 1](kept); }));
  static auto coroutine = count().handle;
  printf("coroutine switch               %8.2f ns\n", cost(100'000, [](int) { coroutine.resume(); }));
  printf("system call (getppid)          %8.1f ns\n", cost(10'000, [](int) { kept = syscall(SYS_getppid); }));

  constexpr size_t PAGES = 1024, PAGE_BYTES = 4096;
  std::vector<double> faults;
  for (int round = 0; round < 31; round++) {
    void *memory = mmap(nullptr, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(memory, PAGES * PAGE_BYTES, MADV_NOHUGEPAGE);
    double startNs = nowNs();
    for (size_t page = 0; page < PAGES; page++) static_cast<volatile char *>(memory)[page * PAGE_BYTES] = 1;
    faults.push_back((nowNs() - startNs) / PAGES);
    munmap(memory, PAGES * PAGE_BYTES);
  }
  printf("minor page fault               %8.0f ns\n", median(faults));

  followerCpu = 1;
  pthread_t contender;
  pthread_create(&contender, nullptr, contend, nullptr);
  double startNs = nowNs();
  for (int i = 0; i < ACQUISITIONS; i++) {
    pthread_mutex_lock(&mutex);
    kept = kept + 1;
    pthread_mutex_unlock(&mutex);
  }
  pthread_join(contender, nullptr);
  printf("mutex, two threads             %8.1f ns\n", (nowNs() - startNs) / (2.0 * ACQUISITIONS));

  printf("one word, spinning, one way    %8.1f ns\n", roundTripNs<false>(1) / 2);
  printf("hop, parking                   %8.0f ns\n", roundTripNs<true>(1) / 2);
  printf("thread switch on one processor %8.0f ns\n", roundTripNs<true>(0) / 2);

  prctl(PR_SET_TIMERSLACK, 1);
  std::vector<double> late;
  for (int i = 0; i < 2'000; i++) {
    timespec time{0, 200'000};
    double beginNs = nowNs();
    nanosleep(&time, nullptr);
    late.push_back(nowNs() - beginNs - 200'000);
  }
  printf("timer lateness                 %8.0f ns\n", median(late));
  fflush(stdout);
  _exit(0);
}
