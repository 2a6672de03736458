import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { openApiDocument } from './openapi-document';

/**
 * Serves `/openapi.json` and a page to try the API at `/docs`, both without a key and from this server's own
 * files. The document is made when it is first asked for, which keeps the start quick.
 */
export function serveOpenApi(app: INestApplication, serverUrl: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, serverUrl), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Sixdigit API',
  });
}
