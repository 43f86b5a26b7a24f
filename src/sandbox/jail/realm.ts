/**
 * One QuickJS engine with its own linear memory, put back to its first image after every run, so each run meets a
 * fresh realm without paying for a new one. Runs inside the jail only.
 */
import type * as quickjs from 'quickjs-wasi';

/** The script met a limit or broke the engine; nothing it left behind may be read. */
export class Halted extends Error {
  readonly kind: 'timeout' | 'memory';

  constructor(kind: 'timeout' | 'memory', message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Realm {
  /** Starts a run: `limit` ms of processor time; `now` is what the script's clock shows, epoch ms. */
  begin(limit: number, now: number): void;
  /** Calls a function of the prelude and returns its text. @throws Halted */
  call(name: string, ...values: (string | quickjs.JSValueHandle)[]): string;
  /** Runs author text in the realm; returns what it threw, if it threw. @throws Halted */
  evaluate(code: string, file: string): quickjs.JSValueHandle | undefined;
  /** Runs promise reactions until none is left; returns the first rejection nobody handled. @throws Halted */
  settle(): quickjs.JSValueHandle | undefined;
  /** Ends the run. False: this realm cannot be put back to its first image and must be replaced. */
  reset(): boolean;
}

const memoryLimit = 32 * 1024 * 1024;
/** 256 KiB of engine stack overflows as a clean exception while V8's own stack is 4 MB (`--stack-size=4000`). */
const maxStackSize = 256 * 1024;
/** Heap set aside before the image is taken: an ordinary script then never grows the memory, so the image can be put back. */
const headroom = 1024 * 1024;

/** The package as the jail finds it: loaded by its file, because looking it up by name reads folders. */
export type Engine = Pick<typeof quickjs, 'QuickJS' | 'JSException' | 'EvalFlags'>;

export interface RealmParts {
  engine: Engine;
  module: WebAssembly.Module;
  /** Module texts, the last of which leaves its functions in `globalThis.prelude`. */
  preludes: readonly string[];
}

export async function createRealm({ engine, module, preludes }: RealmParts): Promise<Realm> {
  const { QuickJS, JSException, EvalFlags } = engine;
  const watch = { deadline: Number.POSITIVE_INFINITY, now: 0n, interrupted: false };
  const rejections = new Map<number, quickjs.JSValueHandle>();
  let memory: { readonly buffer: ArrayBufferLike } = new WebAssembly.Memory({ initial: 0 });
  const vm = await QuickJS.create({
    wasm: module,
    memoryLimit,
    maxStackSize,
    timezoneOffset: 0,
    wasi: (own) => {
      memory = own;
      return quietWasi(own, watch);
    },
    interruptHandler() {
      watch.interrupted ||= processorTime() > watch.deadline;
      return watch.interrupted;
    },
    onUnhandledRejection(promise, reason, isHandled) {
      if (isHandled) rejections.delete(promise.identity);
      else rejections.set(promise.identity, reason.dup());
    },
  });
  // A module keeps its names to itself; what the realm calls is handed over by one global, gone before any author text.
  for (const prelude of preludes) vm.evalCode(prelude, 'prelude', EvalFlags.TYPE_MODULE);
  vm.executePendingJobs();
  const functions = vm.global.getProp('prelude');
  vm.evalCode('delete globalThis.prelude').dispose();
  vm.newArrayBuffer(new Uint8Array(headroom)).dispose();
  const none = vm.undefined;
  const image = vm.snapshot().memory;
  let clean = true;

  /** Whatever ends the guest early makes the realm unfit for another run. */
  function guard<T>(step: () => T): T {
    try {
      const result = step();
      // Some of the engine's work is never interrupted; it counts when it is done.
      watch.interrupted ||= processorTime() > watch.deadline;
      if (watch.interrupted) throw new Halted('timeout', 'the script ran longer than its limit');
      return result;
    } catch (fault) {
      clean = false;
      throw watch.interrupted ? new Halted('timeout', 'the script ran longer than its limit') : haltedBy(fault);
    }
  }

  return {
    begin(limit, now) {
      watch.deadline = processorTime() + limit;
      watch.now = BigInt(Math.trunc(now)) * 1_000_000n;
    },
    call: (name, ...values) =>
      guard(() => {
        const handles = values.map((value) => (typeof value === 'string' ? vm.newString(value) : value));
        const result = vm.callFunction(functions.getProp(name), none, ...handles);
        return result.isString ? result.toString() : '';
      }),
    evaluate: (code, file) =>
      guard(() => {
        try {
          vm.evalCode(code, file);
          return undefined;
        } catch (fault) {
          clean = false;
          if (fault instanceof JSException && !isOutOfMemory(fault)) return fault.handle;
          throw fault;
        }
      }),
    settle: () =>
      guard(() => {
        vm.executePendingJobs();
        return rejections.values().next().value;
      }),
    reset() {
      watch.deadline = Number.POSITIVE_INFINITY;
      if (!clean || rejections.size > 0 || memory.buffer.byteLength !== image.byteLength) return false;
      new Uint8Array(memory.buffer).set(image);
      return true;
    },
  };
}

/** ms. Not the wall's: a machine that is busy with others would cut short what a script has hardly begun. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function isOutOfMemory(fault: unknown): boolean {
  return fault instanceof Error && fault.name === 'InternalError' && fault.message === 'out of memory';
}

function haltedBy(fault: unknown): Halted {
  if (fault instanceof Halted) return fault;
  const message = fault instanceof Error ? fault.message : 'unknown';
  if (isOutOfMemory(fault)) {
    return new Halted('memory', `the script used more than ${memoryLimit / 1024 / 1024} MB`);
  }
  return new Halted('memory', `the script broke the engine: ${message}`);
}

/**
 * The engine's only doors. Its clock stands still but for a microsecond a reading, so that a replay sees the same
 * times and a busy wait still ends; what it prints goes nowhere, because standard output carries our own answers.
 */
function quietWasi(memory: { readonly buffer: ArrayBufferLike }, watch: { now: bigint }) {
  return {
    clock_time_get(_clock: number, _precision: bigint, result: number): number {
      watch.now += 1_000n;
      new DataView(memory.buffer).setBigUint64(result, watch.now, true);
      return 0;
    },
    fd_write: (): number => 8,
    random_get(start: number, length: number): number {
      new Uint8Array(memory.buffer, start, length).fill(7);
      return 0;
    },
  };
}
