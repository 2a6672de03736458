import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../common/errors';
import { toDomainError } from '../../common/foreign-error';
import { problemKinds } from '../../common/problem';
import { ActionsService } from '../person/actions.service';
import { isActionName } from '../person/ask.dto';
import type { Visit } from '../person/visit';
import { TokensService } from '../process/tokens.service';
import { noTrouble, troubleOf, type Trouble } from '../view/trouble';
import { ViewsService } from '../view/views.service';
import { isOwnOrigin } from './page-address';
import { PageDoor, type PageCall } from './page-door.service';
import { PagesService, type RenderedPage } from './pages.service';

/** What people see of a process on its page, and what they do there. */
@Injectable()
export class PageVisitsService {
  constructor(
    private readonly door: PageDoor,
    private readonly views: ViewsService,
    private readonly pages: PagesService,
    private readonly tokens: TokensService,
    private readonly actions: ActionsService,
  ) {}

  async show(call: PageCall): Promise<void> {
    const visit = await this.door.enter(call);
    if (visit) await this.answerPage(call, visit, { status: 200, trouble: noTrouble });
    else this.showNowhere(call);
  }

  async tell(call: PageCall): Promise<void> {
    const visit = await this.door.enter(call);
    if (!visit) throw notFound();
    void call.reply.send(await this.views.view(visit));
  }

  /** By a form: the page again, or the way to it. By a script: what there is to see. */
  async act(call: PageCall, action: string, body: unknown): Promise<void> {
    const visit = await this.door.enter(call);
    const isForm = !isJson(call.request);
    if (!visit && isForm) return this.showNowhere(call);
    if (!visit) throw notFound();
    if (!isOwnOrigin(call.request.headers.origin, this.pages.ownUrls(visit.application))) throw foreign();
    if (!this.isOwnForm(visit, body)) {
      // A browser that has lost its cookie: it has a new one with this answer, and may try again.
      if (isForm) return this.answerPage(call, visit, { status: 403, trouble: noTrouble });
      throw foreign();
    }
    if (isForm) await this.byForm(call, visit, action, body);
    else void call.reply.send(await this.byScript(visit, action, body));
  }

  private async byScript(visit: Visit, action: string, body: unknown): Promise<object> {
    if (action === 'number') return this.actions.echo(visit, body);
    if (!isActionName(action)) throw new DomainError('not_found');
    return this.views.afterwards(await this.actions.act(visit, action, body));
  }

  private async byForm(call: PageCall, visit: Visit, action: string, body: unknown): Promise<void> {
    if (!isActionName(action)) throw new DomainError('not_found');
    try {
      const acted = await this.actions.act(visit, action, body);
      if (acted.trouble === noTrouble) {
        return void call.reply.redirect(this.pages.path(visit.application, call.token), 303);
      }
      const seen = await this.views.afterwards(acted);
      sendPage(call.reply, 422, this.pages.render(seen, visit, call.token));
    } catch (error) {
      await this.explain(call, visit, error);
    }
  }

  /** A person without script is shown a page, whatever happened, as long as there is one to show. */
  private async explain(call: PageCall, visit: Visit, error: unknown): Promise<void> {
    const known = toDomainError(error);
    const trouble = troubleOf(known, { now: visit.known.now, isGiven: false, hadAnswer: false });
    if (!trouble) throw error;
    const { status } = problemKinds[known.code];
    await this.answerPage(call, visit, { status, trouble }).catch(() => {
      throw error;
    });
  }

  private async answerPage(
    call: PageCall,
    visit: Visit,
    { status, trouble }: { readonly status: number; readonly trouble: Trouble },
  ): Promise<void> {
    const view = await this.views.view(visit, trouble);
    sendPage(call.reply, status, this.pages.render(view, visit, call.token));
  }

  private showNowhere(call: PageCall): void {
    const view = this.views.nowhere(this.door.localeOf(call));
    sendPage(call.reply, 404, this.pages.renderNowhere(view));
  }

  private isOwnForm({ known, visitor }: Visit, body: unknown): boolean {
    const formToken =
      typeof body === 'object' && body !== null && 'formToken' in body ? body.formToken : null;
    return this.tokens.isFormToken(formToken, known.process.id, visitor);
  }
}

function sendPage(reply: FastifyReply, status: number, { html, headers }: RenderedPage): void {
  if (!('x-frame-options' in headers)) void reply.removeHeader('x-frame-options');
  void reply.code(status).headers(headers).send(html);
}

const isJson = ({ headers }: FastifyRequest): boolean =>
  (headers['content-type'] ?? '').toLowerCase().startsWith('application/json');

const notFound = (): DomainError => new DomainError('hosted_verification_not_found');

const foreign = (): DomainError =>
  new DomainError('forbidden', { detail: 'This call does not come from the page that was shown.' });
