import { CopyButton } from '../copy-button.tsx';
import { safeLink } from '../link.ts';
import type { DemoUser } from './demo-api.ts';

export function SignIns({ users, brandUrl }: { users: DemoUser[]; brandUrl: string }) {
  const brand = safeLink(brandUrl);
  return (
    <>
      <table class="sign-ins">
        <thead>
          <tr>
            <th scope="col">Login</th>
            <th scope="col">Password</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ login, password, expects }) => (
            <tr key={login}>
              <td>
                <code>{login}</code>
                <CopyButton what={`the login ${login}`} text={login} />
                {expects && <small>{expects}</small>}
              </td>
              <td>
                <code>{password}</code>
                <CopyButton what={`the password of ${login}`} text={password} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {brand && (
        <p class="start-note">
          The brand lives on another site,{' '}
          <a href={brand.href} target="_blank" rel="noopener noreferrer">
            {brand.host}
          </a>
          , on purpose.
        </p>
      )}
    </>
  );
}
