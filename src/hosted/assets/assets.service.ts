import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

/** Where the build puts it, seen from the built code and from the sources. */
const folders = [join(__dirname, '../../../public'), join(__dirname, '../../../dist/public')];

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | null;
}

/** Paths of what the build made. */
interface Manifest {
  readonly script: string;
  readonly style: string;
  readonly worker: string;
  readonly try: { readonly script: string; readonly style: string };
  readonly component: { readonly path: string };
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Pages without them still work, as plain forms. */
const nothing: Manifest = {
  script: '',
  style: '',
  worker: '',
  try: { script: '', style: '' },
  component: { path: '' },
};

/**
 * What browsers load, kept in memory: a few files of some kilobytes, found by name and by nothing else, so that no path
 * leads anywhere.
 */
@Injectable()
export class AssetsService implements OnModuleInit {
  private readonly logger = new Logger(AssetsService.name);
  private files: ReadonlyMap<string, Buffer> = new Map();
  private manifest = nothing;

  onModuleInit(): void {
    const folder = folders.find((path) => existsSync(join(path, 'manifest.json')));
    if (folder === undefined) return this.logger.warn('nothing to load for pages: run npm run build');
    this.manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    const names = readdirSync(join(folder, 'assets'));
    this.files = new Map(names.map((name) => [name, readFileSync(join(folder, 'assets', name))]));
  }

  get ofPage(): Omit<Manifest, 'component' | 'try'> {
    return this.manifest;
  }

  /** Of the demo in development. */
  get ofDemo(): Manifest['try'] {
    return this.manifest.try;
  }

  /** The name of the component as it is now. */
  get component(): string {
    return this.manifest.component.path.split('/').at(-1) ?? '';
  }

  /** In the smallest form that the client takes; null when there is no such file. */
  find(name: string, acceptEncoding: string | undefined): Asset | null {
    const type = types[name.split('.').at(-1) ?? ''];
    const plain = this.files.get(name);
    if (type === undefined || plain === undefined) return null;
    const accepted = (acceptEncoding ?? '').split(',').map((part) => part.trim().split(';')[0]);
    for (const [encoding, suffix] of encodings) {
      const body = this.files.get(name + suffix);
      if (body && accepted.includes(encoding)) return { body, type, encoding };
    }
    return { body: plain, type, encoding: null };
  }
}
