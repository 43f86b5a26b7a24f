/** Run as a process of its own: holds the lock until it is killed. */
import { holdSingleServer } from './single-server.ts';

const [lockFile = ''] = process.argv.slice(2);
holdSingleServer(lockFile, process.pid);
process.stdout.write('held\n');
setInterval(() => {}, 60_000);
