import type { INestApplicationContext } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemSchema } from '../common/problem.dto';
import { completeOperations, sorted, tagsIn } from './common-responses';
import { tags } from './tags';
import { version } from './version.generated';
import { zodToOpenApi } from './zod-to-openapi';

/** The OpenAPI 3.1 document of all controllers; the same routes always give the same text. */
export function openApiDocument(app: INestApplicationContext, serverUrl?: string): OpenAPIObject {
  const document = SwaggerModule.createDocument(app as never, baseDocument(serverUrl), {
    standardSchemaConverter: zodToOpenApi,
    operationIdFactory: (controller, method) => `${resourceOf(controller)}_${method}`,
    autoTagControllers: false,
  });
  completeOperations(document);
  const problem = zodToOpenApi(problemSchema, { schemaType: 'output' });
  const schemas = { ...document.components?.schemas, ...problem?.components };
  document.components = { ...document.components, schemas: sorted(schemas) };
  document.paths = sorted(document.paths);
  const used = tagsIn(document);
  document.tags = tags.filter(({ name }) => used.has(name));
  return document;
}

function baseDocument(serverUrl: string | undefined): Omit<OpenAPIObject, 'paths'> {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sixdigit')
    .setDescription('Phone verification that you own: send a one-time code, check it, keep the proof.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key of an application.' }, 'apiKey')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: '`ADMIN_KEY` of the server.' }, 'adminKey');
  if (serverUrl !== undefined) builder.addServer(serverUrl);
  return builder.build();
}

function resourceOf(controller: string): string {
  const name = controller.replace(/Controller$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}
