// Fenced blocks of our documents, so that what they say can be run.

/** The insides of all blocks of this language. */
export function blocksOf(document: string, language: string): readonly string[] {
  return Array.from(
    document.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm')),
    ([, text]) => text ?? '',
  );
}

/** The commands of its `sh` blocks, without their comments. */
export function commandLinesOf(document: string): readonly string[] {
  return blocksOf(document, 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}
