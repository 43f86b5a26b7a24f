/** Kills this process at a named point when `ERRAND_FAILPOINT` says so (`name` or `name:3` for the third time): for crash tests. */
export function failpointFrom(setting: string | undefined): ((name: string) => void) | undefined {
  if (!setting) return undefined;
  const [wanted, count] = setting.split(':');
  let left = Number(count ?? '1');
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
