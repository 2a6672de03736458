import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createLogger } from '../../common/logging/logger';
import { NestLogger } from '../../common/logging/nest-logger';
import { ShutdownState } from '../../common/shutdown-state';
import { openApplication, type Prepared } from '../../start';
import { prepareFrom, type SixdigitOptions } from '../options';
import { ServicesModule } from '../services/services.module';
import { checkPrefix, publicUrlUnder, withoutPrefix } from './prefix';
import { asSixdigit, shareLogger } from './shared-logger';

/** Requests have this long to end, before what they need is taken from them. */
const REQUESTS_MS = 4_000;

/** Options of a Sixdigit inside of another application. */
export interface MountOptions extends SixdigitOptions {
  /**
   * Where the routes are, e.g. `/otp`: `POST /otp/v1/verifications`. Needs Fastify. Null or absent: there are no
   * routes, only the services.
   */
  readonly prefix?: string | null | undefined;
}

/** Hosts that have one already: two would be two answers to one `VerificationService`. */
const hosts = new WeakSet<HttpAdapterHost>();

/** A Sixdigit that runs inside of another application: its own container, its own edge, no port of its own. */
export class MountedSixdigit {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly logger: LoggerService,
    private readonly prefix: string | null,
  ) {}

  static async open(options: MountOptions, host: HttpAdapterHost): Promise<MountedSixdigit> {
    const { prefix = null } = options;
    refuseUnfit(host, prefix);
    hosts.add(host);
    const prepared = underPrefix(await prepareFrom(options), prefix);
    const pino = options.logger ?? createLogger(prepared.settings.server.logLevel);
    const logger = new NestLogger(pino);
    shareLogger();
    return asSixdigit(logger, async () => {
      const beside = [ServicesModule.everywhere()];
      const tell = (line: string): void => pino.warn(line);
      const app = await openApplication(prepared, { logger: pino, tell, beside, isGuest: true });
      try {
        await app.init();
        await app.getHttpAdapter().getInstance().ready();
      } catch (error) {
        await app.close();
        throw error;
      }
      return new MountedSixdigit(app, logger, prefix);
    });
  }

  /** A service whose every call is one of ours: what it logs later is told from the host's lines. */
  service<T extends object>(type: new (...args: never[]) => T): T {
    const service = this.app.get(type);
    const { logger } = this;
    return new Proxy(service, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'constructor') return member;
        return (...args: unknown[]): unknown =>
          asSixdigit(logger, (): unknown => Reflect.apply(member, target, args));
      },
    });
  }

  /** Hands on what comes under the prefix as it came from the socket: before the host has read anything of it. */
  serveUnder(host: HttpAdapterHost): void {
    shareLogger();
    if (this.prefix === null) return;
    const { prefix } = this;
    const fastify = host.httpAdapter.getInstance<FastifyInstance>();
    const onRequest = (request: FastifyRequest, reply: FastifyReply): void => {
      reply.hijack();
      this.take(request.raw, reply.raw, prefix);
    };
    const nobody = (): void => undefined;
    fastify.all(prefix, { onRequest }, nobody);
    fastify.all(`${prefix}/*`, { onRequest }, nobody);
  }

  /** The host's own middleware remembers the address as it was; ours must not find it. */
  private take(
    request: IncomingMessage & { originalUrl?: string },
    response: ServerResponse,
    prefix: string,
  ): void {
    request.url = withoutPrefix(request.url ?? '/', prefix);
    delete request.originalUrl;
    asSixdigit(this.logger, () => this.app.getHttpServer().emit('request', request, response));
  }

  /** Not ready any more; running requests are waited for. */
  async finishRequests(): Promise<void> {
    const state = this.app.get(ShutdownState);
    state.begin();
    await state.idle(REQUESTS_MS);
  }

  /** Texts under way, jobs, connections, the embedded database: in this order. */
  close(): Promise<void> {
    return asSixdigit(this.logger, () => this.app.close());
  }
}

function refuseUnfit(host: HttpAdapterHost, prefix: string | null): void {
  if (hosts.has(host)) throw new Error('SixdigitModule is registered twice in one application.');
  if (prefix === null) return;
  checkPrefix(prefix);
  const kind = (host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined)?.getType() ?? 'none';
  if (kind === 'fastify') return;
  throw new Error(
    `SixdigitModule: routes under ${prefix} need an application on Fastify; this one is on: ${kind}. ` +
      'With prefix: null there are no routes, and the services work on every platform.',
  );
}

function underPrefix({ settings, extensions }: Prepared, prefix: string | null): Prepared {
  if (prefix === null) return { settings, extensions };
  const { server } = settings;
  const publicUrl = publicUrlUnder(server.publicUrl, prefix);
  return { settings: { ...settings, server: Object.freeze({ ...server, publicUrl }) }, extensions };
}
