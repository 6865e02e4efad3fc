/** Makes it when it is first needed: a launch needs hardly any of what is made so. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
