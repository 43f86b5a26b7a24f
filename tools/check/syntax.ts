import ts from 'typescript';

export interface FunctionFacts {
  name: string;
  /** 1-based. */
  line: number;
  /** From its first line to its last. */
  lines: number;
  parameters: number;
  /** Deepest nesting of branches and loops in its own body. */
  depth: number;
}

/** What the budgets ask of one source file. */
export interface SyntaxFacts {
  lines: number;
  functions: FunctionFacts[];
  /** Type assertions other than `as const`; with a comment at them or at what they stand in, or without. */
  casts: { line: number; reasoned: boolean }[];
  anys: number[];
  nonNulls: number[];
  tests: number;
  mocks: number;
  /** Lines that replace a module of this project. */
  ownMocks: number[];
  /** Lines of tests that wait for time to pass. */
  sleeps: number[];
  /** Packages it imports, by their names. */
  packages: string[];
}

const branches = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.TryStatement,
]);

/** Reads one TypeScript or JavaScript file; what it means is not asked, only how it is written. */
export function readSyntax(file: string, text: string): SyntaxFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const facts: SyntaxFacts = {
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    functions: [],
    casts: [],
    anys: [],
    nonNulls: [],
    tests: 0,
    mocks: 0,
    ownMocks: [],
    sleeps: [],
    packages: [],
  };
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

  function visit(node: ts.Node): void {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) facts.functions.push(functionFacts(node, source));
    if (isCast(node)) facts.casts.push({ line: lineOf(node), reasoned: isReasoned(node, source) });
    if (node.kind === ts.SyntaxKind.AnyKeyword) facts.anys.push(lineOf(node));
    if (ts.isNonNullExpression(node)) facts.nonNulls.push(lineOf(node));
    if (ts.isImportDeclaration(node)) facts.packages.push(...packageOf(node));
    if (ts.isCallExpression(node)) readCall(node, facts, lineOf(node));
    ts.forEachChild(node, visit);
  }
  visit(source);
  return facts;
}

function functionFacts(node: ts.SignatureDeclaration, source: ts.SourceFile): FunctionFacts {
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  return {
    name: nameOf(node, source),
    line: first + 1,
    lines: last - first + 1,
    parameters: node.parameters.filter((parameter) => parameter.name.getText(source) !== 'this').length,
    depth: 'body' in node && node.body ? depthOf(node.body) : 0,
  };
}

function nameOf(node: ts.SignatureDeclaration, source: ts.SourceFile): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText(source) ?? '(anonymous)';
}

/** `else if` is one branch of many, not one deeper; a function inside counts for itself. */
function depthOf(node: ts.Node): number {
  let deepest = 0;
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child)) return;
    const isElseIf = ts.isIfStatement(child) && ts.isIfStatement(node) && node.elseStatement === child;
    const own = branches.has(child.kind) && !isElseIf ? 1 : 0;
    deepest = Math.max(deepest, own + depthOf(child));
  });
  return deepest;
}

function isCast(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  return !ts.isConstTypeReference(node.type);
}

/** A comment stands before the cast, or before anything it is part of up to the function or class around it. */
function isReasoned(cast: ts.Node, source: ts.SourceFile): boolean {
  const text = source.text;
  for (let node: ts.Node = cast; !ts.isSourceFile(node); node = node.parent) {
    const before = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const after = ts.getTrailingCommentRanges(text, node.getEnd()) ?? [];
    if (before.length + after.length > 0) return true;
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isClassDeclaration(node)) return false;
  }
  return false;
}

function packageOf({ moduleSpecifier }: ts.ImportDeclaration): string[] {
  const name = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '.';
  if (name.startsWith('.') || name.startsWith('node:')) return [];
  return [
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  ];
}

function readCall(call: ts.CallExpression, facts: SyntaxFacts, line: number): void {
  const called = call.expression.getText();
  const [first, second] = call.arguments;
  if (/^(it|test)(\.each\(|\.for\(|\.prop\(|$)/.test(called) && second) facts.tests += 1;
  if (/^vi\.(mock|doMock|fn|spyOn|stubGlobal)$/.test(called)) facts.mocks += 1;
  if (/^vi\.(mock|doMock)$/.test(called) && first && ts.isStringLiteral(first) && first.text.startsWith('.'))
    facts.ownMocks.push(line);
  // `new Promise((resolve) => setTimeout(resolve, 100))`, by whatever names.
  if (called === 'setTimeout' && first && ts.isIdentifier(first) && second && isInPromise(call))
    facts.sleeps.push(line);
}

function isInPromise(call: ts.CallExpression): boolean {
  const executor = ts.findAncestor(call, ts.isFunctionLike);
  return (
    executor !== undefined &&
    ts.isNewExpression(executor.parent) &&
    /^Promise\b/.test(executor.parent.getText().slice(4))
  );
}
