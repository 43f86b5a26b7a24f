/**
 * ms of processor time that this thread has used: how long a piece of work keeps it busy, whatever else the machine does
 * meanwhile. For tests that tell work which grows with its input from work that explodes.
 */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
