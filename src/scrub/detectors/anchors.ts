// All literals in one pass over a text, however many they are: the automaton of Aho and Corasick (CACM 18(6), 1975) in a
// dense table. It runs over letters without their case; a hit is compared with the literal as it is written.

export interface Literal {
  /** ASCII. */
  readonly text: string;
  /** In any letter case; then `text` is in lower case. */
  readonly anyCase: boolean;
}

/** Hears of every occurrence, in the order of their ends; true stops the search. */
export type OnHit = (at: number, literal: number) => boolean;

/** Whether a hit stopped the search. */
export type AnchorScan = (text: string, onHit: OnHit) => boolean;

export function createAnchorScan(literals: readonly Literal[]): AnchorScan {
  const { next, width, classes, firstFinal, finals } = tableOf(literals);
  const isAt = (text: string, at: number, id: number): boolean => {
    const literal = literals[id];
    return literal !== undefined && (literal.anyCase || text.startsWith(literal.text, at));
  };
  return (text, onHit) => {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = next[state * width + (code < 128 ? (classes[code] ?? 0) : 0)] ?? 0;
      if (state < firstFinal) continue;
      for (const id of finals[state - firstFinal] ?? []) {
        const start = at + 1 - (literals[id]?.text.length ?? 0);
        if (isAt(text, start, id) && onHit(start, id)) return true;
      }
    }
    return false;
  };
}

interface Table {
  /** State × class → state. */
  readonly next: Uint16Array | Uint32Array;
  readonly width: number;
  /** ASCII → class; 0 for what no literal holds. */
  readonly classes: Uint8Array;
  /** The states from here on end a literal; `finals` has which, from this state on. */
  readonly firstFinal: number;
  readonly finals: readonly (readonly number[])[];
}

function tableOf(literals: readonly Literal[]): Table {
  const classes = classesOf(literals);
  const width = Math.max(...classes) + 1;
  const trie = trieOf(literals, classes);
  const order = breadthFirst(trie);
  for (const node of order) link(node);
  const plain = order.filter((node) => node.ids.length === 0);
  const final = order.filter((node) => node.ids.length > 0);
  const states = [...plain, ...final];
  for (const [index, node] of states.entries()) node.state = index;
  const next = states.length > 0xffff ? new Uint32Array(states.length * width) : new Uint16Array(states.length * width);
  // A row is that of its fallback but for the node's own children; fallbacks come first in breadth-first order.
  for (const node of order) {
    const row = node.state * width;
    const fallback = node.fallback === undefined ? undefined : node.fallback.state * width;
    if (fallback !== undefined) next.copyWithin(row, fallback, fallback + width);
    for (const [kind, child] of node.children) next[row + kind] = child.state;
  }
  return { next, width, classes, firstFinal: plain.length, finals: final.map(({ ids }) => ids) };
}

interface Node {
  readonly children: Map<number, Node>;
  /** The literals that end here. */
  ids: number[];
  /** The root has none. */
  fallback: Node | undefined;
  state: number;
}

function classesOf(literals: readonly Literal[]): Uint8Array {
  const classes = new Uint8Array(128);
  let count = 0;
  for (const { text } of literals) {
    for (const letter of text) {
      const [lower, upper] = [letter.toLowerCase().charCodeAt(0), letter.toUpperCase().charCodeAt(0)];
      if (classes[lower] === 0) classes[lower] = classes[upper] = ++count;
    }
  }
  return classes;
}

function trieOf(literals: readonly Literal[], classes: Uint8Array): Node {
  const root = newNode(undefined);
  for (const [id, { text }] of literals.entries()) {
    let node = root;
    for (let at = 0; at < text.length; at++) {
      const kind = classes[text.charCodeAt(at)] ?? 0;
      const child = node.children.get(kind) ?? newNode(root);
      node.children.set(kind, child);
      node = child;
    }
    node.ids.push(id);
  }
  return root;
}

function newNode(fallback: Node | undefined): Node {
  return { children: new Map(), ids: [], fallback, state: 0 };
}

function breadthFirst(root: Node): readonly Node[] {
  const order = [root];
  for (const node of order) order.push(...node.children.values());
  return order;
}

/** Gives the children of a node the longest proper ending that is in the trie, and the literals that end with it. */
function link(node: Node): void {
  for (const [kind, child] of node.children) {
    let back = node.fallback;
    while (back !== undefined && !back.children.has(kind)) back = back.fallback;
    child.fallback = back?.children.get(kind) ?? child.fallback;
    child.ids = [...child.ids, ...(child.fallback?.ids ?? [])];
  }
}
