import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { floorRules } from './floor-rules.ts';
import type { CheckOutcome } from './outcome.ts';

const folders = ['src', 'web', 'demo', 'acceptance', 'bench', 'drills', 'tools'];

/** Imports between rooms, type imports included: floors, cycles, and who may know whom. `root` is an absolute path. */
export async function checkFloors(root: string): Promise<CheckOutcome> {
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(present, {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: floorRules },
    // Without this, imports of types only would be invisible, and they tie rooms together as much as others do.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
    combinedDependencies: true,
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text where a result was expected');
  const details = [...blindness(output), ...violations(output)];
  const { totalCruised, totalDependenciesCruised = 0 } = output.summary;
  return {
    name: 'floors',
    ok: details.length === 0,
    summary: `${totalCruised} modules, ${totalDependenciesCruised} imports, ${details.length} against the floors`,
    details,
  };
}

/** A cruiser without a TypeScript it knows reads no `.ts` file and finds nothing wrong: that must not pass. */
function blindness({ modules }: ICruiseResult): string[] {
  const sources = modules.filter((module) => /^src\/.*\.ts$/.test(module.source));
  if (sources.some((module) => module.dependencies.length > 0)) return [];
  return ['No import of any src/*.ts was seen: dependency-cruiser finds no TypeScript below 7.'];
}

function violations({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const road = cycle?.map((step) => step.name).join(' → ') ?? to;
    const reason = floorRules.find((candidate) => candidate.name === rule.name)?.comment ?? '';
    return `${rule.name}: ${from} → ${road}. ${reason}`;
  });
}
