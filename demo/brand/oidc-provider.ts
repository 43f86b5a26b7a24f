/**
 * The provider library, without the warning that it prints for every Node release that is not marked as long-term: the
 * pinned Node is newer than its list, and the tests run on it. It looks only while it is loaded.
 */
const { release } = process;
const { lts } = release;
Object.assign(release, { lts: lts ?? 'Krypton' });
const { default: Provider } = await import('oidc-provider');
if (lts === undefined) Reflect.deleteProperty(release, 'lts');

export { Provider };
