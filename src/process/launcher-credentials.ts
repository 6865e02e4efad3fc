// Credentials of the launcher itself: what opens stores of secrets. A program that is started gets them only by name.

const NAMES = [
  'SECRETCTL_*',
  'OP_SERVICE_ACCOUNT_TOKEN',
  'OP_CONNECT_TOKEN',
  'OP_SESSION_*',
  'VAULT_TOKEN',
  'VAULT_ROLE_ID',
  'VAULT_SECRET_ID',
  'VAULT_JWT',
  'BAO_TOKEN',
  'BAO_ROLE_ID',
  'BAO_SECRET_ID',
  'BWS_ACCESS_TOKEN',
  'BW_SESSION',
  'BW_PASSWORD',
  'BW_CLIENTSECRET',
  'DOPPLER_TOKEN',
  'INFISICAL_TOKEN',
  'CREDENTIALS_DIRECTORY',
] as const;

export function isLauncherCredential(name: string): boolean {
  return NAMES.some((known) => (known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : known === name));
}
