import { Environment, EnvironmentInput, EnvironmentPage } from '../../api/environment.ts';
import { botsThat } from '../../store/bot.ts';
import {
  createEnvironment,
  deleteEnvironment,
  type EnvironmentRecord,
  findEnvironment,
  listEnvironments,
  updateEnvironment,
} from '../../store/environment.ts';
import type { Transaction } from '../../store/database.ts';
import { newId } from '../../world/id.ts';
import { Problem } from '../../world/problem.ts';
import type { AccountParts } from './account-parts.ts';
import type { Resource } from './resource.ts';
import { wireTime } from './wire-time.ts';

export function environments({
  db,
  world,
}: AccountParts): Resource<EnvironmentInput, EnvironmentRecord, EnvironmentRecord> {
  return {
    path: '/environments',
    term: 'environment',
    schemas: { input: EnvironmentInput, shown: Environment, page: EnvironmentPage },
    list: (account_id, page) => listEnvironments(db, account_id, page),
    find: (account_id, id) => findEnvironment(db, account_id, id),
    create: async ({ account_id, at }, { name, variables }) => {
      const id = newId(world.random, 'env');
      return (tx) => createEnvironment(tx, { id, account_id, name, variables, at });
    },
    replace:
      async (key, { name, variables }) =>
      async (tx) => {
        const before = await findEnvironment(tx, key.account_id, key.id);
        const bots = before && before.name !== name ? await botsIn(tx, before) : [];
        if (bots.length > 0) {
          const detail = `must stay "${before?.name}" while bots use it by that name: ${bots.slice(0, 10).join(', ')}`;
          throw new Problem('conflict', 'Bots use this environment by its name.', [{ pointer: '/name', detail }]);
        }
        return await updateEnvironment(tx, key, { name, variables, at: key.at });
      },
    async remove(tx, key) {
      const environment = await findEnvironment(tx, key.account_id, key.id);
      const bots = environment ? await botsIn(tx, environment) : [];
      if (bots.length > 0) throw new Problem('conflict', `Bots use this environment: ${bots.slice(0, 10).join(', ')}.`);
      await deleteEnvironment(tx, key);
    },
    show: showEnvironment,
    showListed: showEnvironment,
  };
}

const botsIn = (tx: Transaction, { account_id, name }: EnvironmentRecord): Promise<string[]> =>
  botsThat(tx, account_id, (bot) => bot.environment === name);

function showEnvironment(row: EnvironmentRecord): Environment {
  const { id, name, variables, version } = row;
  return { id, name, variables, version, created_at: wireTime(row.created_at), updated_at: wireTime(row.updated_at) };
}
