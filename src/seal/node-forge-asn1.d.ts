// Of node-forge only the ASN.1 is used, and so only that module of it is loaded. What is typed here is what is used.
declare module 'node-forge/lib/asn1.js' {
  export interface Asn1 {
    readonly value: string | Asn1[];
  }

  interface ByteBuffer {
    getBytes(): string;
  }

  const asn1: {
    readonly Class: { readonly UNIVERSAL: number; readonly CONTEXT_SPECIFIC: number };
    readonly Type: {
      readonly SEQUENCE: number;
      readonly SET: number;
      readonly OID: number;
      readonly INTEGER: number;
      readonly OCTETSTRING: number;
      readonly NULL: number;
    };
    create(tagClass: number, type: number, constructed: boolean, value: string | readonly Asn1[]): Asn1;
    toDer(node: Asn1): ByteBuffer;
    oidToDer(oid: string): ByteBuffer;
    integerToDer(value: number): ByteBuffer;
    fromDer(
      bytes: string,
      options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean; maxDepth: number },
    ): Asn1;
  };
  export default asn1;
}
