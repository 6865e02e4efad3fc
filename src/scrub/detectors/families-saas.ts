// Tools and services of other kinds.

import type { Detector } from './detector.js';
import { looksRandom } from './randomness.js';
import { B62, DIGITS, HEX, LOWER, named, run, token, UUID, WORD } from './token.js';

export const SAAS_DETECTORS: readonly Detector[] = [
  token({
    name: 'postman-key',
    prefixes: ['PMAK-'],
    body: [run(HEX, 24), '-', run(HEX, 34)],
    source: 'learning.postman.com: API keys',
  }),
  token({
    name: 'figma-token',
    prefixes: ['figd_', 'figo_'],
    body: [run(WORD, 38, 48)],
    source: 'figma.com/developers/api: access tokens',
  }),
  token({
    name: 'linear-key',
    prefixes: ['lin_api_', 'lin_oauth_', 'lin_wh_'],
    body: [run(B62, 40, 64)],
    source: 'linear.app/developers: authentication',
  }),
  token({
    name: 'notion-token',
    prefixes: ['ntn_'],
    body: [run(DIGITS, 11), run(B62, 35)],
    source: 'developers.notion.com: authorization',
  }),
  token({
    name: 'notion-token',
    prefixes: ['secret_'],
    body: [run(B62, 43)],
    source: 'developers.notion.com: authorization',
    accept: looksRandom,
  }),
  token({
    name: 'airtable-token',
    prefixes: ['pat'],
    body: [run(B62, 14), '.', run(HEX, 64)],
    left: '_-',
    source: 'airtable.com/developers: personal access tokens',
  }),
  token({
    name: 'dropbox-token',
    prefixes: ['sl.'],
    body: [run(WORD, 100, 2000)],
    source: 'dropbox.com/developers: OAuth guide',
  }),
  token({
    name: 'dropbox-token',
    prefixes: ['sl.u.'],
    body: [run(WORD, 100, 2000)],
    source: 'dropbox.com/developers: OAuth guide',
  }),
  token({
    name: 'facebook-token',
    prefixes: ['EAA'],
    body: [run(B62, 90, 400)],
    left: '_+/-',
    source: 'developers.facebook.com: access tokens',
    accept: looksRandom,
  }),
  token({
    name: 'salesforce-session',
    prefixes: ['00D'],
    body: [run(B62, 12, 15), '!', run(`${WORD}.`, 80, 260)],
    left: '_+/-',
    source: 'developer.salesforce.com: session ids',
  }),
  named({
    name: 'okta-token',
    words: ['okta', 'ssws'],
    body: ['00', run(WORD, 40)],
    source: 'developer.okta.com: API tokens',
  }),
  token({ name: 'readme-key', prefixes: ['rdme_'], body: [run(LOWER, 70)], source: 'docs.readme.com: API keys' }),
  token({
    name: 'hubspot-token',
    prefixes: ['pat-na1-', 'pat-na2-', 'pat-eu1-', 'pat-ap1-'],
    body: [...UUID],
    source: 'developers.hubspot.com: private apps',
  }),
  token({
    name: 'contentful-token',
    prefixes: ['CFPAT-'],
    body: [run(WORD, 43, 50)],
    source: 'contentful.com/developers: personal access tokens',
  }),
  token({
    name: 'typeform-token',
    prefixes: ['tfp_'],
    body: [run(`${WORD}.=`, 44, 64)],
    left: '_-',
    source: 'typeform.com/developers: personal access tokens',
  }),
  token({
    name: 'clickup-token',
    prefixes: ['pk_'],
    body: [run(DIGITS, 6, 9), '_', run('A-Z0-9', 32)],
    source: 'developer.clickup.com: authentication',
  }),
  token({
    name: 'mapbox-secret-token',
    prefixes: ['sk.eyJ'],
    body: [run(WORD, 40, 120), '.', run(WORD, 20, 30)],
    source: 'docs.mapbox.com: access tokens',
  }),
  token({
    name: 'zuplo-key',
    prefixes: ['zpka_'],
    body: [run(LOWER, 32), '_', run(HEX, 8)],
    source: 'zuplo.com/docs: API keys',
  }),
];
