import { z } from 'zod';
import { hostedFields, hostedPatchFields } from '../../brand/hosted-settings.dto';
import { patchOf } from '../../common/zod-patch';
import { countFields } from '../../limits/counts/count-settings.dto';
import { riskFields } from '../../limits/risk/risk-settings.dto';
import { moneyFields, moneyPatchFields } from '../../limits/money/money-settings.dto';
import { pumpingFields } from '../../limits/pumping/pumping-settings.dto';
import { policyFields, policyPatchFields } from '../../otp/policy/policy.dto';
import { phonePolicyFields } from '../../phone/phone-policy.dto';
import { testNumberFields } from '../../phone/test-number-settings.dto';
import { routeFields, routePatchFields } from '../../sms/settings/route-settings.dto';
import { textFields } from '../../sms/settings/text-settings.dto';

const { brand, locale, contact, ...otherTexts } = textFields;
const { routes, channels, ...otherRoutes } = routeFields;

/** In the order in which the API has always shown them, which is not that of their owners. */
const fields = {
  ...{ brand, locale, contact },
  ...phonePolicyFields,
  ...{ routes, channels },
  ...otherTexts,
  disabled: z.boolean(),
  ...otherRoutes,
  ...policyFields,
  ...testNumberFields,
  ...countFields,
  ...pumpingFields,
  ...riskFields,
  ...moneyFields,
  ...hostedFields,
};

/** All settings of an application, as stored and as `POST` takes them. What needs the server is checked apart. */
export const applicationSettings = z.strictObject(fields).partial();

/** A change of settings as `PATCH` takes it (RFC 7396): what is not named stays, null removes, arrays replace. */
export const applicationSettingsPatch = patchOf({
  ...fields,
  ...routePatchFields,
  ...policyPatchFields,
  ...moneyPatchFields,
  ...hostedPatchFields,
});
