// What a machine takes from threads that only read the clock: one thread per processor named on the command line, pinned, for so
// many seconds. Prints one line of JSON: the share of the time that lay in gaps of more than 10 us between two readings, and the
// longest of them. Built with: g++ -O2 -std=c++20 -pthread gaps.cpp; used as: gaps <seconds> <cpu>...
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;

struct Lost {
  double seconds = 0;
  double longestSeconds = 0;
};

static double secondsBetween(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

static Lost watch(int cpu, double seconds) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
  Lost lost;
  const auto began = Clock::now();
  auto last = began;
  while (secondsBetween(began, last) < seconds) {
    const auto now = Clock::now();
    const double gap = secondsBetween(last, now);
    if (gap > 10e-6) lost.seconds += gap;
    lost.longestSeconds = std::max(lost.longestSeconds, gap);
    last = now;
  }
  return lost;
}

int main(int count, char** words) {
  if (count < 3) {
    std::fprintf(stderr, "usage: gaps <seconds> <cpu>...\n");
    return 2;
  }
  const double seconds = std::atof(words[1]);
  std::vector<Lost> lost(count - 2);
  std::vector<std::thread> threads;
  for (int i = 2; i < count; i++)
    threads.emplace_back([&lost, words, seconds, i] { lost[i - 2] = watch(std::atoi(words[i]), seconds); });
  for (auto& thread : threads) thread.join();
  Lost all;
  for (const Lost& one : lost) {
    all.seconds += one.seconds;
    all.longestSeconds = std::max(all.longestSeconds, one.longestSeconds);
  }
  std::printf("{\"lostShare\":%.6f,\"longestGapMs\":%.3f}\n", all.seconds / (seconds * lost.size()),
              all.longestSeconds * 1e3);
}
