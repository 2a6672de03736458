import { randomUUID } from 'node:crypto';
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  Post,
  Req,
  UseFilters,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type ErrorCode, Public, SixdigitError, VerificationService, z } from 'sixdigit';

/** What of a request is used here; the session is that of `@fastify/session`. */
interface Visit {
  readonly ip: string;
  readonly session: {
    get(name: string): string | undefined;
    set(name: string, value: string | undefined): void;
    regenerate(): Promise<void>;
  };
}

const numberBody = z.strictObject({ phone: z.string().max(40) });
const codeBody = z.strictObject({ code: z.string().max(40) });

const sentences: Partial<Record<ErrorCode, string>> = {
  phone_invalid: 'That is no phone number we know. Please check it; it begins with + and the country.',
  resend_too_soon: 'A message is on its way.',
  recipient_locked: 'There were too many wrong codes. Please try again later.',
  verification_approved: 'This code was used already.',
  verification_expired: 'This code is too old. Please ask for a new one.',
  verification_failed: 'There were too many wrong codes. Please ask for a new one.',
};

/** What the person is told, and no fault of the program. */
class Told extends Error {}

/** Refusals for the person who met them, by their code. */
@Catch(SixdigitError, Told)
class InWords implements ExceptionFilter<SixdigitError | Told> {
  catch(error: SixdigitError | Told, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.code(422).send({ message: error instanceof SixdigitError ? wordsFor(error) : error.message });
  }
}

const wordsFor = ({ code }: SixdigitError): string =>
  sentences[code] ?? 'That did not work, and it is not your fault. Please try again later.';

/** `@Public()` is for `createSixdigit`, whose guards refuse what nobody has opened. In an application of yours it says nothing. */
@Public()
@UseFilters(InWords)
@Controller('phone')
class PhoneController {
  constructor(private readonly verifications: VerificationService) {}

  @Post()
  async start(@Body({ schema: numberBody }) { phone }: z.infer<typeof numberBody>, @Req() visit: Visit) {
    const { id } = await this.verifications.start(
      { to: phone, purpose: 'signup', clientIp: visit.ip },
      { idempotencyKey: randomUUID() },
    );
    visit.session.set('pending', id); // Here and nowhere else: an id from a form would be somebody else's.
    return { next: 'code' };
  }

  @Post('code')
  async confirm(@Body({ schema: codeBody }) { code }: z.infer<typeof codeBody>, @Req() visit: Visit) {
    const id = visit.session.get('pending');
    if (id === undefined) throw new Told('Please give your number first.');
    const { valid, to } = await this.verifications.check(id, { code }, { idempotencyKey: randomUUID() });
    if (!valid || to === null) throw new Told('That code is not right.');
    await visit.session.regenerate(); // One that somebody else planted is worth nothing.
    visit.session.set('phone', to);
    return { phone: to };
  }

  @Get()
  mine(@Req() { session }: Visit) {
    return { phone: session.get('phone') ?? null };
  }
}

@Module({ controllers: [PhoneController] })
export class PhoneModule {}
