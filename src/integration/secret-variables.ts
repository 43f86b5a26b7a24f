/** Secrets that an integration's one credential has no place for become variables of the environment, where the operator keeps them. */
import { isSurelySecret } from '../bot/sure-secrets.ts';
import { plainName, type Remark } from './proposal.ts';

export interface SecretVariables {
  /** The expression that stands in place of the secret. Two secrets never share one, whatever they are called. */
  placeFor(name: string, secret: string, path: string): string;
  report: Remark[];
}

export function createSecretVariables(): SecretVariables {
  const secrets = new Map<string, string>();
  const report: Remark[] = [];
  const freeName = (plain: string, secret: string): string => {
    let variable = plain;
    for (let count = 2; (secrets.get(variable) ?? secret) !== secret; count++) variable = `${plain}_${count}`;
    return variable;
  };
  return {
    report,
    placeFor(given, secret, path) {
      const plain = plainName(given);
      // What names a secret may be one, too: "<key>=<token>".
      const isNameless = [given, plain].some(isSurelySecret);
      const name = isNameless ? 'secret' : given;
      const variable = freeName(isNameless ? 'secret' : plain, secret);
      if (!secrets.has(variable)) {
        const message = `"${name}" looks like a secret and was replaced by {$env.${variable}}: give the bot's environment that variable.`;
        report.push({ path, message });
      }
      secrets.set(variable, secret);
      return `{$env.${variable}}`;
    },
  };
}
