/** The look of the sign-in pages: phone first, light and dark, nothing loaded from anywhere. */
export const style = `
:root{color-scheme:light dark;--ground:#f4f3ef;--card:#fff;--ink:#1d1c1a;--soft:#5f5c56;--line:#e4e1d9;--accent:#1f5f4f;--on-accent:#fff;--warm:#8a4b12;--warm-ground:#fdf3e4}
@media (prefers-color-scheme:dark){:root{--ground:#161817;--card:#1f2221;--ink:#f0efec;--soft:#aba79f;--line:#343836;--accent:#7fd1b9;--on-accent:#0d2019;--warm:#f0c48a;--warm-ground:#33291b}}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%}
body{min-height:100vh;min-height:100dvh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;padding:max(20px,env(safe-area-inset-top)) max(20px,env(safe-area-inset-right)) max(20px,env(safe-area-inset-bottom)) max(20px,env(safe-area-inset-left))}
main{width:100%;max-width:25rem;background:var(--card);border:1px solid var(--line);border-radius:20px;padding:28px 24px 24px;box-shadow:0 1px 2px #0000000a,0 12px 32px #0000000f;overflow-wrap:anywhere}
.who{display:flex;align-items:center;gap:12px;margin-bottom:20px;color:var(--soft);font-size:15px;line-height:1.3}
.who b{display:block;color:var(--ink);font-weight:600}
.sign{flex:none;width:44px;height:44px;border-radius:14px;display:grid;place-items:center;background:var(--accent);color:var(--on-accent);font-weight:700;font-size:20px}
h1{font-size:1.45rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;margin-bottom:10px;text-wrap:balance}
p{margin-bottom:12px;text-wrap:pretty}
.soft{color:var(--soft);font-size:15px}
.warm{color:var(--warm);background:var(--warm-ground);border-radius:12px;padding:11px 14px;font-size:15px}
.code{display:block;text-align:center;font:600 2.3rem/1 ui-monospace,"SF Mono",Menlo,Consolas,monospace;letter-spacing:.09em;padding:24px 8px;margin:18px 0;border-radius:16px;background:var(--ground);border:1px solid var(--line);user-select:all}
button,.back{display:block;width:100%;min-height:52px;padding:14px 20px;margin-top:18px;border-radius:14px;border:0;font-family:inherit;font-size:17px;font-weight:600;line-height:1.3;text-align:center;text-decoration:none;cursor:pointer;background:var(--accent);color:var(--on-accent)}
.back.quiet{background:none;color:var(--accent);border:1px solid var(--line)}
button:focus-visible,.back:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
button[disabled]{opacity:.6;cursor:default}
.wait{width:28px;height:28px;margin:4px 0 16px;border-radius:50%;border:3px solid var(--line);border-top-color:var(--accent)}
@media (prefers-reduced-motion:no-preference){.wait{animation:turn 1s linear infinite}@keyframes turn{to{transform:rotate(1turn)}}}
`;
